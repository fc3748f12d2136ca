// Takes the picture of the token page inside `examples/saas`, for the READMEs: `npm run pictures`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { browserProgram } from './find-browser.mjs'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'tessera-picture-'))
const app = spawn(process.execPath, [join(root, 'examples/saas/dist/server.js')], {
  cwd: folder,
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [line] = await once(app.stdout, 'data')
const url = String(line).trim()

const browser = await chromium.launch({ executablePath: browserProgram() ?? '', args: ['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1100, height: 700 } })
page.on('dialog', (dialog) => void dialog.accept())

/** @param {string} name */
const press = (name) => page.getByRole('button', { name }).click()

/** @param {string} name @param {readonly string[]} scopes @param {string} expiry */
async function make(name, scopes, expiry) {
  await page.goto(`${url}/tokens/new?name=${name}`)
  for (const scope of scopes) await page.getByRole('checkbox', { name: scope }).check()
  await page.getByRole('radio', { name: expiry }).check()
  await press('Create token')
  return page.getByRole('textbox', { name: 'Secret' }).inputValue()
}

await page.goto(`${url}/sign-up`)
for (const [label, value] of Object.entries({ 'Your name': 'Ada', Email: 'ada@example.com', Organization: 'Roma' }))
  await page.getByLabel(label).fill(value)
await page.getByLabel('Password').fill('correct horse battery')
await press('Create account')
await page.getByLabel('Name of the project').fill('Aqueduct')
await press('Start project')

await make('Backup', ['projects:read'], 'In 7 days')
await page.goto(`${url}/tokens`)
await page.getByRole('link', { name: 'Backup' }).click()
const secrets = []
secrets.push(await make('Deploy', ['projects:read', 'projects:write'], 'In 90 days'))
await make('Old script', ['projects:read'], 'In 30 days')
await page.getByRole('link', { name: 'Done' }).click()
await page
  .getByRole('button', { name: 'Revoke' })
  .or(page.getByRole('link', { name: 'Revoke' }))
  .first()
  .click()
await press('Revoke token')
await make('Nightly report', ['projects:read', 'people:read', 'audit:read'], 'In 365 days')
await page.getByRole('link', { name: 'Done' }).click()
await press('Suspend token')
secrets.push(await make('CI', ['projects:read'], 'In 90 days'))
for (const secret of secrets)
  await fetch(`${url}/api/projects`, { headers: { authorization: `Bearer ${secret}` } }).then((answer) => answer.text())
await new Promise((resolve) => setTimeout(resolve, 2_500))

const pictures = process.argv[2] ?? join(root, 'docs/pictures')
await page.goto(`${url}/tokens`)
await page.screenshot({ path: join(pictures, 'saas-tokens.png') })
await browser.close()
app.kill()
await once(app, 'exit')
rmSync(folder, { recursive: true })
