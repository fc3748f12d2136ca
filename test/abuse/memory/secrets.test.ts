import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../redis/index.ts'
import type { RedisServer } from '../../redis/index.ts'
import { root, runProcess } from '../../support/run-process.ts'

const PACKAGES = ['cached-store', 'core', 'http', 'memory-store', 'redis-store']

let folder: string
let program: string
let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
  folder = await mkdtemp(join(tmpdir(), 'tessera-memory-'))
  program = join(folder, 'use-and-snapshot.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'use-and-snapshot.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: Object.fromEntries(
      PACKAGES.map((name) => [`@tessera/${name}`, join(root, `packages/${name}/src/index.ts`)]),
    ),
    // What CommonJS modules of the bundle load Node's own modules with.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
}, 60_000)

afterAll(async () => {
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Found {
  /** How many secrets the process dropped. */
  readonly dropped: number
  /** How many of them its memory still holds. */
  readonly inMemory: number
}

async function findSecrets(storeName: string, keeps = 'all but secrets'): Promise<Found> {
  const file = join(folder, `${storeName} ${keeps}.heapsnapshot`.replaceAll(' ', '-'))
  const args = ['--expose-gc', program, storeName, String(redis.port), keeps, file]
  const child = runProcess(process.execPath, args)
  const { bodies } = JSON.parse(await child.firstLine()) as { bodies: string[] }
  await child.exit
  const snapshot = await readFile(file, 'latin1')
  return { dropped: bodies.length, inMemory: bodies.filter((body) => snapshot.includes(body)).length }
}

describe('the memory of a process that uses tokens with a long prefix', () => {
  it.each(['memory-store', 'redis-store', 'cached-store on memory-store', 'cached-store on redis-store'])(
    'holds no secret that the app has dropped, on %s',
    async (storeName) => {
      expect(await findSecrets(storeName)).toEqual({ dropped: 100, inMemory: 0 })
    },
    60_000,
  )

  it('is searched so that a secret would be found', async () => {
    expect(await findSecrets('memory-store', 'a slice of each secret')).toEqual({ dropped: 100, inMemory: 100 })
  }, 60_000)
})
