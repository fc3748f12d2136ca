import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { runTool } from './run-tool.mjs'
import { root, setUp } from './setup.mjs'

/** @type {Record<string, () => boolean>} */
const steps = {
  format: () => runTool('biome', 'format'),
  lint: () => runTool('oxlint', '--type-aware'),
  types: () => runTool('tsc', '-b'),
  unused: () => runTool('knip'),
  coverage: () => runTool('vitest', 'run', '--coverage', 'packages/core/', 'packages/http/'),
  release: () => runScript('.ci/release.mjs', '--dry-run'),
  docs: () => runScript('.ci/docs.mjs', '--check'),
  consumers: checkConsumers,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  process.stderr.write(`tessera: no such check: ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}\n`)
  process.exit(2)
}

setUp()
const failed = []
for (const [name, step] of Object.entries(steps)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  process.stdout.write(`\n== ${name}\n`)
  if (!step()) failed.push(name)
}
process.stdout.write(failed.length > 0 ? `\nfailed: ${failed.join(', ')}\n` : '\nall checks passed\n')
process.exitCode = failed.length > 0 ? 1 : 0

/** Whether the packages work in other people's tools, which have a lockfile of their own. */
function checkConsumers() {
  const cwd = join(root, 'test', 'consumers')
  const installed = pnpm(['install', '--frozen-lockfile', '--prefer-offline'], { cwd, stdio: 'inherit' })
  return installed.status === 0 && runTool('vitest', 'run', '--project', 'consumers')
}

/**
 * @param {string} script
 * @param {string[]} args
 */
function runScript(script, ...args) {
  return spawnSync(process.execPath, [join(root, script), ...args], { stdio: 'inherit' }).status === 0
}
