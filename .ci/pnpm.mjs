import { spawnSync } from 'node:child_process'

const version = '10.34.9'
const windows = process.platform === 'win32'

// npm and pnpm hand their own settings to the scripts they run. Of those only how to reach the registry may pass: others
// (dir, loglevel, omit, global …) change what the pnpm below does. NODE_ENV=production would leave the tools out.
const network =
  /^npm_config_(registry|.*proxy|ca|cafile|cert|key|strict_ssl|userconfig|cache|offline|fetch_.*|@.*|\/\/.*)$/i
export const cleanEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && (!/^npm_/i.test(name) || network.test(name))),
)

// Three tries in about ten seconds: with the default of seventy, a machine that reaches no registry seems to hang.
const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000']

/** @type {string[] | undefined} */
let command

/** The pnpm on the PATH where its major is ours, or else ours through npx. */
function findPnpm() {
  // From the file system's root, so that no project's settings make it switch to another version of itself.
  const found = spawnSync('pnpm', ['--version'], { cwd: '/', env: cleanEnv, encoding: 'utf8', shell: windows })
  const ours = found.status === 0 && found.stdout.startsWith(`${version.split('.')[0]}.`)
  return ours ? ['pnpm'] : ['npx', '-y', '--prefer-offline', ...patience, `pnpm@${version}`]
}

/**
 * Runs pnpm and waits for it.
 *
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
export function pnpm(args, options) {
  command ??= findPnpm()
  const [name = '', ...first] = command
  return spawnSync(name, [...first, ...args], { env: cleanEnv, shell: windows, ...options })
}
