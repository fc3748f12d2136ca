import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './setup.mjs'

/**
 * Runs a tool of the workspace, in its root. True if it succeeds.
 *
 * @param {string} tool
 * @param {string[]} args
 */
export function runTool(tool, ...args) {
  const PATH = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH, TESSERA_CONSUMERS: '1' }
  return spawnSync(tool, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', env }).status === 0
}
