import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pnpm } from './pnpm.mjs'
import { fail, say } from './say.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.tessera-setup')
const npmTrace = join(modules, '.package-lock.json')
const tsc = join(modules, 'typescript', 'bin', 'tsc')

// stdout belongs to what runs after the setup: the example server prints exactly one line of JSON there.
/** @type {import('node:child_process').StdioOptions} */
const stdio = ['ignore', 2, 2]

/** Makes the workspace ready to run: dependencies installed and everything built. Ends the process where it cannot. */
export function setUp() {
  checkNode()
  if (!isInstalled()) install()
  build()
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node 20.19 or later is needed, this is ${process.versions.node}.`)
  }
}

function isInstalled() {
  if (!existsSync(stamp) || existsSync(npmTrace) || !existsSync(tsc)) return false
  if (workspaces().some((folder) => hasDependencies(folder) && !existsSync(join(folder, 'node_modules')))) return false
  return readFileSync(stamp, 'utf8') === fingerprint()
}

function install() {
  say('installing dependencies')
  rmSync(stamp, { force: true })
  // Without the setting, a node_modules that npm or another pnpm made ends in a question that nobody answers.
  const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false']
  const { error, status } = pnpm(args, { cwd: root, stdio })
  if (error) fail(`npx could not be started (${error.message}). It comes with Node and npm.`)
  if (status !== 0) {
    fail(
      'the dependencies could not be installed; the reason stands above.',
      'If the registry was not reached, check the network and `npm config get registry`, then run this again.',
      'If pnpm-lock.yaml is out of date, run `npx -y pnpm@10.34.9 install`.',
    )
  }
  rmSync(npmTrace, { force: true })
  writeFileSync(stamp, fingerprint())
}

function build() {
  say('building what has changed')
  const projects = workspaces().filter((folder) => existsSync(join(folder, 'tsconfig.json')))
  for (const project of projects) removeOrphans(project)
  const { status } = spawnSync(process.execPath, [tsc, '-b', ...projects], { cwd: root, stdio })
  if (status !== 0) fail('the build failed; the errors stand above.')
}

/**
 * The compiler leaves what it built from a source that is gone, and it would be published.
 *
 * @param {string} project
 */
function removeOrphans(project) {
  const dist = join(project, 'dist')
  if (!existsSync(dist)) return
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = file.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts')
    if (source !== file && !existsSync(join(project, 'src', source))) rmSync(join(dist, file))
  }
}

function workspaces() {
  const folders = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
  )
  return [...folders, join(root, 'test')].filter((folder) => existsSync(join(folder, 'package.json')))
}

/** @param {string} folder */
function hasDependencies(folder) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.keys({ ...dependencies, ...devDependencies }).length > 0
}

/** What an installation depends on, and the file pnpm rewrites with each one: an install by anyone else shows. */
function fingerprint() {
  const manifests = [root, ...workspaces()].map((folder) => join(folder, 'package.json'))
  const files = [join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'), join(modules, '.modules.yaml')]
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\0`)
  for (const file of [...manifests, ...files]) hash.update(existsSync(file) ? readFileSync(file) : '').update('\0')
  return hash.digest('hex')
}
