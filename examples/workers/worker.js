import { waitUntil } from 'cloudflare:workers'
import { createTokens, protect, tokenHandler } from '@tessera/fetch'
import { memoryStore } from '@tessera/memory-store'

const tokens = createTokens({ store: memoryStore({ inProduction: true }), prefix: 'acme_pat', waitUntil })

/** Stands for the app's own login. */
function caller({ headers }, { SESSION }) {
  const isSignedIn = Boolean(SESSION) && headers.get('cookie') === `session=${SESSION}`
  return isSignedIn && { owner: 'acme', scopes: null }
}

const clientAddress = ({ headers }) => headers.get('cf-connecting-ip')
const manage = tokenHandler(tokens, { basePath: '/tokens', caller, clientAddress })
const jobs = protect(tokens, { scopes: ['jobs:read'], clientAddress }, (_request, { token }) =>
  Response.json({ jobs: [], owner: token.owner }),
)

export default {
  fetch(request, env, context) {
    const { pathname } = new URL(request.url)
    return pathname === '/jobs' ? jobs(request, env, context) : manage(request, env, context)
  },
}
