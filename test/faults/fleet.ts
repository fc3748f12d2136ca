import { apiUnderTest } from '../support/four-apis/api-under-test.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { bundledServer } from '../support/four-apis/bundled-server.ts'
import { startProgram } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'
import { startProxy } from '../support/servers/index.ts'
import type { Proxy } from '../support/servers/index.ts'

/** Four processes of `examples/four-apis` on one store, each with its own cache and its own way to the store. */
export interface Fleet extends AsyncDisposable {
  readonly members: readonly Member[]
}

export interface Member {
  /** For reports: the number of the process in its fleet. */
  readonly name: string
  readonly pid: number
  readonly url: string
  /** The API whose tokens can be revoked by their secret, too. */
  readonly api: ApiUnderTest
  /** Between this process and the server of the store. */
  readonly proxy: Proxy
}

const SIZE = 4

/** A server of a store, and the flag `--store` for a process that reaches it by another port. */
export interface StoreServer {
  readonly port: number
  urlBy(port: number): string
}

export const onRedis = (port: number): StoreServer => ({ port, urlBy: (by) => `redis://127.0.0.1:${by}/0` })

export const onPostgres = (port: number): StoreServer => ({
  port,
  urlBy: (by) => `postgres://postgres@127.0.0.1:${by}/postgres`,
})

/**
 * @param cache The value of the flag `--cache`.
 * @param program What each process runs.
 */
export async function startFleet(
  { port, urlBy }: StoreServer,
  cache = 'confirmed',
  program = bundledServer(),
): Promise<Fleet> {
  const proxies: Proxy[] = []
  const servers: FourApisServer[] = []

  async function stop(): Promise<void> {
    await Promise.all(servers.map(({ process }) => process.end()))
    await Promise.all(proxies.map((proxy) => proxy.stop()))
  }

  async function start(...flags: readonly string[]): Promise<Member> {
    const proxy = await startProxy(port)
    proxies.push(proxy)
    const settings = ['--store', urlBy(proxy.port), '--cache', cache, '--active-limit', '0']
    const server = await startProgram(program, [...settings, ...flags])
    servers.push(server)
    const { url } = server.announcement
    const apis = servers[0]?.announcement.apis ?? server.announcement.apis
    const api = apiUnderTest('plain', () => ({ url, apis }))
    return { name: `process ${servers.length}`, pid: server.process.pid, url, api, proxy }
  }

  try {
    const seeded = await start()
    const others = await Promise.all(Array.from({ length: SIZE - 1 }, () => start('--no-seed')))
    return { members: [seeded, ...others], [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}
