import type { Redis } from 'ioredis'

/** What a server saw of some work, as it counts itself. */
export interface Traffic {
  /** The commands it received, by name. What scripts call is not among them. */
  readonly commands: Readonly<Record<string, number>>
  /** The commands that scripts called, by name. */
  readonly inScripts: Readonly<Record<string, number>>
  /** How often it found something to read: what a client sends at once, up to 16 kB, is found at once. */
  readonly reads: number
  readonly bytesIn: number
  readonly bytesOut: number
}

interface Counts {
  readonly calls: ReadonlyMap<string, number>
  readonly reads: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** Counts what the server sees while `work` is done. Nobody else may use it meanwhile. */
export async function trafficOf(client: Redis, work: () => Promise<unknown>): Promise<Traffic> {
  const asking = await countDuring(client, async () => {})
  const counted = await countDuring(client, work)
  const calls = [...counted.calls]
  const isScript = counted.calls.has('evalsha') || counted.calls.has('eval')
  const isSent = ([name]: readonly [string, number]) => !isScript || name === 'evalsha' || name === 'eval'
  return {
    commands: Object.fromEntries(calls.filter(isSent)),
    inScripts: Object.fromEntries(calls.filter((call) => !isSent(call))),
    reads: counted.reads - asking.reads,
    bytesIn: counted.bytesIn - asking.bytesIn,
    bytesOut: counted.bytesOut - asking.bytesOut,
  }
}

/** The counts since a reset, which hold what asking for them takes. */
async function countDuring(client: Redis, work: () => Promise<unknown>): Promise<Counts> {
  await client.config('RESETSTAT')
  await work()
  const stats = await client.info('stats')
  const commands = await client.info('commandstats')
  const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1])
  const calls = [...commands.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
    .map(([, name = '', count]) => [name, Number(count)] as const)
    .filter(([name]) => name !== 'config|resetstat' && name !== 'info')
  return {
    calls: new Map(calls),
    reads: figure('total_reads_processed'),
    bytesIn: figure('total_net_input_bytes'),
    bytesOut: figure('total_net_output_bytes'),
  }
}
