// Issues tokens of one owner at once, up to a limit: node issue-many.mjs FILE COUNT LIMIT. Writes how many were issued.
import { createTokens } from '@tessera/core'
import Database from 'libsql'
import { sqliteStore } from '../dist/index.js'

const [, , file = '', count = '0', limit = '0'] = process.argv
const database = new Database(file)
const store = sqliteStore(database, { deadlineMs: 30_000 })
const tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: Number(limit) })
const issue = (number) => tokens.issue({ owner: 'acme', name: `token ${number}`, scopes: ['jobs:read'] })
const outcomes = await Promise.allSettled(Array.from({ length: Number(count) }, (_, number) => issue(number)))
const refusals = outcomes.flatMap(({ reason }) => (reason === undefined ? [] : [reason.code]))
process.stdout.write(
  `${JSON.stringify({ issued: outcomes.length - refusals.length, refusals: [...new Set(refusals)] })}\n`,
)
await tokens.close()
database.close()
