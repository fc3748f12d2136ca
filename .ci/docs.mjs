import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { provideBrowser } from './browser.mjs'
import { pnpm } from './pnpm.mjs'
import { runTool } from './run-tool.mjs'
import { fail, say } from './say.mjs'
import { root, setUp } from './setup.mjs'

const OPTIONS = ['--serve', '--check']
const args = process.argv.slice(2).filter((argument) => argument !== '--')
const unknown = args.filter((argument) => !OPTIONS.includes(argument))
if (unknown.length > 0) fail(`no such option: ${unknown.join(', ')}; there are ${OPTIONS.join(' and ')}`)

setUp()
// The tools of the site have a lockfile of their own: nobody needs them to work on the packages.
say('installing the tools of the site')
const cwd = join(root, 'site')
const { status } = pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent'], {
  cwd,
  stdio: [0, 2, 2],
})
if (status !== 0) fail('the tools of the site could not be installed; the reason stands above.')
const built = spawnSync(process.execPath, [join(cwd, 'main.mjs'), ...args], { stdio: 'inherit' })
process.exitCode = built.status ?? 1
if (args.includes('--check') && built.status === 0) {
  provideBrowser()
  process.exitCode = runTool('vitest', 'run', '--project', 'built-site') ? 0 : 1
}
