// Issues and revokes tokens until it is killed: node revoke-until-killed.mjs FILE. Writes each id once its end is acknowledged.
import { createTokens } from '@tessera/core'
import Database from 'libsql'
import { sqliteStore } from '../dist/index.js'

const [, , file = ''] = process.argv
const tokens = createTokens({ store: sqliteStore(new Database(file)), prefix: 'ot_pat', activeLimit: null })

async function work() {
  for (;;) {
    const { token } = await tokens.issue({ owner: 'acme', name: 'token', scopes: ['jobs:read'] })
    await tokens.revoke('acme', token.id)
    process.stdout.write(`${token.id}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, work))
