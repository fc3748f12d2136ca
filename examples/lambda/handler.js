import { createTokens, protect, tokenHandler } from '@tessera/fetch'
import { plain } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { Hono } from 'hono'
import { getConnInfo, handle } from 'hono/aws-lambda'

/** What has to be written before the function is frozen, e.g. last uses. */
const pending = /** @type {Promise<unknown>[]} */ ([])
const waitUntil = (/** @type {Promise<unknown>} */ work) => void pending.push(work)
export const tokens = createTokens({ store: memoryStore({ inProduction: true }), prefix: 'acme_pat', waitUntil })

/** @param {Request} request Stands for the app's own login. */
function caller({ headers }) {
  const { SESSION } = process.env
  const isSignedIn = Boolean(SESSION) && headers.get('cookie') === `session=${SESSION}`
  return isSignedIn && { owner: 'acme', scopes: null }
}

/** @type {(request: Request, context: import('hono').Context) => string | undefined} */
const clientAddress = (_, context) => getConnInfo(context).remote.address
const manage = tokenHandler(tokens, { basePath: '/tokens', dialect: plain, caller, clientAddress })
const jobs = protect(tokens, { scopes: ['jobs:read'], clientAddress }, (_request, { token }) =>
  Response.json({ jobs: [], owner: token.owner }),
)

const app = new Hono()
app.all('/tokens/*', (context) => manage(context.req.raw, context))
app.get('/jobs', (context) => jobs(context.req.raw, context))
const answer = handle(app)

/** @type {typeof answer} */
export async function handler(event, context) {
  const answered = await answer(event, context)
  await Promise.all(pending.splice(0))
  return answered
}
