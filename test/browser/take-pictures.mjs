// Takes the pictures of the token page for the READMEs: `npm run pictures`.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createTokens, serveHandler } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'
import { tokenPage } from '@tessera/token-page'
import express from 'express'
import { chromium } from 'playwright-core'
import { browserProgram } from './find-browser.mjs'

const DAY_MS = 86_400_000
const folder = join(import.meta.dirname, '../../docs/pictures')
const scopes = {
  'jobs:read': 'Read jobs and their logs',
  'jobs:write': 'Start and cancel jobs',
  'nodes:read': 'See nodes',
}

let now = Date.now() - 100 * DAY_MS
const store = memoryStore()
const tokens = createTokens({ store, prefix: 'acme_pat', scopes: Object.keys(scopes), now: () => now })
/** @param {string} name @param {object} more */
const issue = (name, more) =>
  tokens.issue({ owner: 'acme', name, createdBy: 'ada@example.com', scopes: ['jobs:read'], ...more })

await issue('Backup', { expiresAt: new Date(now + 103 * DAY_MS) })
const old = await issue('Old script', { createdBy: 'bob@example.com' })
now += 60 * DAY_MS
const report = await issue('Nightly report', { scopes: ['jobs:read', 'nodes:read'] })
now += 10 * DAY_MS
const ci = await issue('CI', { scopes: Object.keys(scopes), expiresAt: new Date(now + 90 * DAY_MS) })
now = Date.now()
await tokens.revoke('acme', old.token.id)
await tokens.suspend('acme', report.token.id)
await tokens.authenticate(ci.secret)
await tokens.flush()

const app = express().use(
  '/tokens',
  serveHandler(tokenPage(tokens), { caller: () => ({ owner: 'acme', scopes: null, createdBy: 'ada@example.com' }) }),
)
const server = createServer(app).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/tokens`
const browser = await chromium.launch({ executablePath: browserProgram() ?? '', args: ['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1100, height: 560 } })
await page.goto(url)
await page.screenshot({ path: join(folder, 'token-page-list.png') })
await page.goto(`${url}/${ci.token.id}`)
await page.screenshot({ path: join(folder, 'token-page-token.png'), fullPage: true })
await browser.close()
server.close()
await tokens.close()
