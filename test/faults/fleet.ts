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
  /** How often it was started; `null` while it is not there. */
  readonly life: number | null
  /** Ends the process as `kill -9` does, and starts it again where it was. */
  killAndRestart(): Promise<void>
  /** The API whose tokens can be revoked by their secret, too. */
  readonly api: ApiUnderTest
  /** Between this process and the server of the store. On a file nothing goes that way. */
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

export const onSqlite = (file: string): StoreServer => ({ port: 0, urlBy: () => `sqlite:${file}` })

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
    const first = await startProgram(program, [...settings, ...flags])
    const { url } = first.announcement
    const number = servers.push(first)
    const apis = servers[0]?.announcement.apis ?? first.announcement.apis
    let starts = 1
    let isThere = true

    return {
      name: `process ${number}`,
      get pid() {
        return servers[number - 1]?.process.pid ?? 0
      },
      get life() {
        return isThere ? starts : null
      },
      url,
      api: apiUnderTest('plain', () => ({ url, apis })),
      proxy,
      async killAndRestart() {
        isThere = false
        await servers[number - 1]?.process.end('SIGKILL')
        servers[number - 1] = await startProgram(program, [...settings, '--no-seed', '--port', new URL(url).port])
        starts += 1
        isThere = true
      },
    }
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
