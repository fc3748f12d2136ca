import { createWriteStream } from 'node:fs'
import { createTokens } from '@tessera/core'
import { authenticate, getAuth, listRouter, revokeRouter } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'

const log = createWriteStream(process.env.AUDIT_LOG ?? 'audit.jsonl', { flags: 'a', mode: 0o600 })
log.on('error', (error) => console.error(error.message))

const tokens = createTokens({
  store: memoryStore(),
  prefix: 'acme_pat',
  onEvent: (event) => log.write(`${JSON.stringify(event)}\n`),
})
tokens.startPruning()

const app = express()
app.use('/tokens', authenticate(tokens), listRouter(tokens), revokeRouter(tokens))
app.get('/jobs', authenticate(tokens, { scopes: ['jobs:read'] }), (req, res) => {
  res.json({ jobs: [], owner: getAuth(req).owner })
})

const scopes = ['jobs:read', 'tokens:read', 'tokens:write']
const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes, createdBy: 'ada@acme.test' })
const port = Number(process.env.PORT ?? 3000)
const server = app.listen(port, '127.0.0.1', () => console.log(`Authorization: Bearer ${secret}`))

async function stop() {
  await tokens.close()
  log.end()
}
process.once('SIGTERM', () => server.close(() => void stop()))
