import { setTimeout as wait } from 'node:timers/promises'
import { createTokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { openStream } from './event-stream.ts'

const TOKENS = 20
/** A loaded machine would answer more with 503. */
const AT_ONCE = 50

export interface StreamsReport {
  /** How long after the acknowledgement each stream of a revoked token ended, in milliseconds. */
  readonly endedAfterMs: readonly number[]
  /** How many streams of active tokens ended. */
  readonly endedActive: number
}

/**
 * Opens streams on processes of the example server, and revokes half of their tokens.
 *
 * @param count How many streams there are: a multiple of 50.
 * @param port The Redis of all processes.
 */
export async function endStreams(count: number, urls: readonly string[], port: number): Promise<StreamsReport> {
  const client = new Redis(port, '127.0.0.1')
  const tokens = createTokens({ store: redisStore(client), prefix: 'acme_pat', activeLimit: null })
  const scopes = ['jobs:read', 'tokens:write']
  const issue = (_: unknown, at: number) => tokens.issue({ owner: `owner ${at % 5}`, name: 'CI', scopes })
  const issued = await Promise.all(Array.from({ length: TOKENS }, issue))
  const open = async (at: number) => {
    const holder = issued[at % TOKENS] as (typeof issued)[number]
    const stream = await openStream(Number(new URL(urls[at % urls.length] ?? '').port), holder.secret)
    return { ...stream, id: holder.token.id }
  }
  const streams: Awaited<ReturnType<typeof open>>[] = []
  while (streams.length < count)
    streams.push(...(await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => open(streams.length + at)))))
  let endedActive = 0
  const acknowledged = new Map<string, number>()
  for (const { ended, id } of streams) void ended.then(() => (endedActive += acknowledged.has(id) ? 0 : 1))
  await Promise.all(
    issued.slice(TOKENS / 2).map(async ({ token, secret }, at) => {
      const headers = { authorization: `Bearer ${secret}` }
      const url = `${urls[at % urls.length]}/api/tokens/${token.id}`
      const revoke = () => fetch(url, { method: 'DELETE', headers }).then(({ status }) => status)
      let status = await revoke()
      // As a machine with other work may answer.
      for (; status === 503; status = await revoke()) await wait(100)
      if (status !== 200) throw new Error(`a revocation was answered with ${status}`)
      acknowledged.set(token.id, performance.now())
    }),
  )
  const revoked = streams.filter(({ id }) => acknowledged.has(id))
  const endedAfterMs = await Promise.all(
    revoked.map(async ({ ended, id }) => (await ended) - (acknowledged.get(id) ?? 0)),
  )
  const report = { endedAfterMs, endedActive }
  for (const { leave } of streams) leave()
  client.disconnect()
  return report
}
