import { acceptBoth, createAccessTokens, exchangeHandler, generateAccessKey, keySetHandler } from '@tessera/access-jwt'
import { createTokens } from '@tessera/core'
import { authenticate, getAuth, revocationRouter, revokeRouter, serveHandler } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const port = Number(process.env.PORT ?? 3000)
const issuer = `http://127.0.0.1:${port}`
// An app that runs longer than this one keeps its key, as JSON, where it keeps its secrets.
const key = process.env.ACCESS_KEY === undefined ? await generateAccessKey() : JSON.parse(process.env.ACCESS_KEY)

const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
const accessTokens = createAccessTokens({ tokens, issuer, audience: issuer, keys: [{ key }] })
const accepted = acceptBoth(tokens, accessTokens)
const app = express()

app.use('/token', serveHandler(exchangeHandler(accessTokens)))
app.use('/.well-known/jwks.json', serveHandler(keySetHandler(accessTokens)))
app.use('/revoke', revocationRouter(tokens, { accessTokens }))
app.use('/tokens', authenticate(tokens), revokeRouter(tokens))
app.get('/jobs', authenticate(accepted, { scopes: ['jobs:read'] }), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})
app.post('/jobs', authenticate(accepted, { scopes: ['jobs:write'] }), (req, res) => {
  res.status(201).json({ owner: getAuth(req).owner })
})

const { secret, token } = await tokens.issue({
  owner: 'acme',
  name: 'CI',
  scopes: ['jobs:read', 'jobs:write', 'tokens:write'],
})
app.listen(port, '127.0.0.1', () => console.log(JSON.stringify({ secret, id: token.id })))
