import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { root } from '../../support/run-process.ts'
import type { TokenStore } from '@tessera/core'
import type { RedisClient, RedisStore } from '@tessera/redis-store'

/** The last revision that knew no leases. */
const REVISION = 'e616f6b53e665b1f03998e764451e63c2e0537b0'
const PACKAGES = ['core', 'redis-store', 'cached-store']

const folder = join(root, 'node_modules/.cache/tessera-before-leases')

/** The packages of that revision. */
export interface Before {
  redisStore(client: RedisClient): RedisStore
  cachedStore(store: TokenStore): TokenStore
}

/** What was published of the revision before; `null` in a clone without its history. It is built once. */
export async function storeBeforeLeases(): Promise<Before | null> {
  const file = join(folder, 'before.mjs')
  if (!existsSync(file) && !build(file)) return null
  return (await import(pathToFileURL(file).href)) as Before
}

function build(file: string): boolean {
  mkdirSync(folder, { recursive: true })
  const git = (args: readonly string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe', maxBuffer: 2 ** 28 })
  try {
    git(['cat-file', '-e', `${REVISION}^{commit}`])
  } catch {
    return false
  }
  const paths = PACKAGES.map((name) => `packages/${name}/src`)
  execFileSync('tar', ['x', '-C', folder], { input: git(['archive', REVISION, ...paths]) })
  const sourceOf = (name: string) => join(folder, `packages/${name}/src/index.ts`)
  const outfile = `${file}.${process.pid}.mjs`
  buildSync({
    stdin: {
      contents: `export { redisStore } from '@tessera/redis-store'; export { cachedStore } from '@tessera/cached-store'`,
      resolveDir: join(root, 'packages/cached-store'),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    alias: Object.fromEntries(PACKAGES.map((name) => [`@tessera/${name}`, sourceOf(name)])),
    nodePaths: [join(root, 'packages/cached-store/node_modules')],
  })
  renameSync(outfile, file)
  return true
}
