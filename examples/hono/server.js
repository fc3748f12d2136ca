import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { authenticate, createTokens, serveHandler, tokenHandler } from '@tessera/fetch'
import { revocationHandler } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { Hono } from 'hono'

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const app = new Hono()

/** @type {(request: Request, context: import('hono').Context) => string | undefined} */
const clientAddress = (_, context) => getConnInfo(context).remote.address

/** @type {(...scopes: string[]) => import('hono').MiddlewareHandler<{ Variables: { caller: { owner: string } } }>} */
function requireScopes(...scopes) {
  const decide = authenticate(tokens, { scopes, clientAddress })
  return async (context, next) => {
    const auth = await decide(context.req.raw, context)
    if (!auth.ok) return auth.response
    context.set('caller', auth.caller)
    await next()
  }
}

const manage = tokenHandler(tokens, { basePath: '/tokens', clientAddress })
const revoke = serveHandler(revocationHandler(tokens))

app.all('/tokens/*', (context) => manage(context.req.raw, context))
app.post('/oauth/revoke', (context) => revoke(context.req.raw))
app.get('/jobs', requireScopes('jobs:read'), (context) =>
  context.json({ jobs: [], owner: context.get('caller').owner }),
)

const { secret } = await tokens.issue({
  owner: 'acme',
  name: 'CI',
  scopes: ['jobs:read', 'tokens:read', 'tokens:write'],
})
const port = Number(process.env.PORT ?? 3000)
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => console.log(`Authorization: Bearer ${secret}`))
