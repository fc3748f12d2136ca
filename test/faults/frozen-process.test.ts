import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { build } from 'esbuild'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, describe, it } from 'vitest'
import { startRedis, until } from '../redis/index.ts'
import { root, runProcess } from '../support/run-process.ts'

const server = await startRedis()
const client = new Redis(server.port)
const folder = await mkdtemp(join(tmpdir(), 'tessera-frozen-'))
const program = join(folder, 'verify-and-end.mjs')

beforeAll(async () => {
  const packages = ['cached-store', 'core', 'redis-store']
  await build({
    entryPoints: [join(import.meta.dirname, 'verify-and-end.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: Object.fromEntries(
      packages.map((name) => [`@tessera/${name}`, join(root, `packages/${name}/src/index.ts`)]),
    ),
    // What CommonJS modules of the bundle load Node's own modules with.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
}, 60_000)

afterAll(async () => {
  client.disconnect()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a process that ends with its answer', () => {
  it.each(['uncached', 'cached'])('has sent the use of the token to Redis by then, %s', async (cache) => {
    const tokens = createTokens({ store: redisStore(client), prefix: 'ot_pat' })
    const request = { owner: 'acme', name: 'ci', scopes: [] }
    // Once, Redis has to be sent the script itself.
    await tokens.verify((await tokens.issue(request)).secret)
    await tokens.flush()
    const { secret, token } = await tokens.issue(request)
    const child = runProcess(process.execPath, [program, String(server.port), cache, secret])
    expect(await child.firstLine()).toBe('true')
    expect(await child.exit).toMatchObject({ signal: 'SIGKILL' })
    // Redis may still be reading what was sent.
    await until(async () => (await tokens.get('acme', token.id))?.lastUsedAt !== null)
    expect(await tokens.get('acme', token.id)).toMatchObject({ lastUsedAt: expect.any(Date) as Date })
  })
})
