import type { TestClient } from './ioredis-majors.ts'

/** What a server did: the calls of each command, of scripts and inside them, and the keys it looked up. */
export interface Work {
  readonly calls: Readonly<Record<string, number>>
  readonly lookups: number
}

/** Counts what the server does while `work` is done, as the server itself counts. */
export async function workOf(server: TestClient, work: () => Promise<unknown>): Promise<Work> {
  await server.call('config', ['resetstat'])
  await work()
  const [stats, keyspace] = [await server.call('info', ['commandstats']), await server.call('info', ['stats'])]
  const counted = String(stats).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)
  const calls = [...counted].map(([, name = '', count]) => [name, Number(count)] as const)
  const lookup = (name: string) => Number(new RegExp(`^keyspace_${name}:(\\d+)`, 'm').exec(String(keyspace))?.[1])
  return {
    calls: Object.fromEntries(calls.filter(([name]) => name !== 'config|resetstat')),
    lookups: lookup('hits') + lookup('misses'),
  }
}
