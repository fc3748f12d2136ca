import { addressOf, primariesOf } from '../client/client.ts'
import type { RedisClient } from '../client/client.ts'
import { epochOf } from '../client/connection-epoch.ts'
import { listIn, textIn } from '../text/reply.ts'
import { slotOf } from '../text/slot.ts'

/** The first and the last instant for a server to carry out a command, in milliseconds of its own clock. */
export type Span = readonly [from: number, till: number]

/**
 * The clocks of the servers, as far as this process can know them. A command names its {@link Span}, and the server
 * refuses it outside: then the process has given it up.
 */
export interface ServerClocks {
  /**
   * The span of a command sent now and given up at `giveUpAt` of this process' monotonic clock. Rejects if that is
   * over. A clock that is unknown, or was read some time ago, is read first.
   *
   * @param shard Names the node of the command.
   */
  spanFor(shard: string, giveUpAt: number): Promise<Span>
  /** Has the clock of the shard's node read anew: the node refused a command by it, so it may have been set. */
  forget(shard: string): void
}

/**
 * How far a server's clock is ahead of this process' own, in milliseconds: no less than `atLeast`, no more than `atMost`.
 * The answer was made at some instant between the question and its arrival.
 */
export interface Lead {
  readonly atLeast: number
  readonly atMost: number
  readonly readAt: number
}

/** More than the drift of two clocks kept by NTP, in milliseconds each millisecond. */
const DRIFT = 0.001
const READ_EVERY_MS = 10_000
const DIGITS = /^\d{1,15}$/

/** @param now Monotonic, in milliseconds. */
export function createServerClocks(client: RedisClient, now: () => number = () => performance.now()): ServerClocks {
  const leads = new Map<string, Lead>()
  const readings = new Map<string, Promise<Lead>>()
  let epoch = -1

  function leadOf(node: string): Promise<Lead> | Lead {
    if (epoch !== epochOf(client)) {
      epoch = epochOf(client)
      leads.clear()
    }
    const known = leads.get(node)
    if (known !== undefined && now() - known.readAt < READ_EVERY_MS) return known
    const reading = readings.get(node) ?? read(node, known).finally(() => readings.delete(node))
    readings.set(node, reading)
    return reading
  }

  async function read(node: string, former: Lead | undefined): Promise<Lead> {
    const askedAt = now()
    const time = timeIn(await connectionTo(client, node).callBuffer('time', []))
    const readAt = now()
    const lead = narrowed({ atLeast: time - readAt, atMost: time - askedAt, readAt }, former)
    leads.set(node, lead)
    return lead
  }

  return {
    async spanFor(shard, giveUpAt) {
      const lead = await leadOf(nodeOf(client, shard))
      const sentAt = now()
      if (sentAt >= giveUpAt) throw new Error('no time is left to send the command')
      return spanBy(lead, sentAt, giveUpAt)
    },
    forget(shard) {
      leads.delete(nodeOf(client, shard))
    },
  }
}

/** The error of a command refused by the server's clock. */
export function lateError(): Error {
  return new Error('Redis got to the command after it was given up, or its clock was set')
}

/** By the earlier bound: once this process has given up, the server's clock is past the end of the span. */
export function spanBy({ atLeast, readAt }: Lead, sentAt: number, giveUpAt: number): Span {
  const lead = atLeast - DRIFT * (sentAt - readAt)
  return [sentAt + lead, giveUpAt + lead]
}

/** The same lead, narrowed by a former reading with a shorter way. If the two contradict, a clock was set. */
export function narrowed(lead: Lead, former: Lead | undefined): Lead {
  if (former === undefined) return lead
  const atLeast = former.atLeast - DRIFT * (lead.readAt - former.readAt)
  return atLeast > lead.atLeast && atLeast <= lead.atMost ? { ...lead, atLeast } : lead
}

/** The address of the shard's node in a cluster; empty for a single server. */
function nodeOf(client: RedisClient, shard: string): string {
  return client.slots?.[slotOf(shard)]?.[0] ?? ''
}

function connectionTo(client: RedisClient, node: string): RedisClient {
  return primariesOf(client).find((each) => addressOf(each) === node) ?? client
}

/** The reply to TIME, in milliseconds. */
export function timeIn(reply: unknown): number {
  const [seconds = 0, micros = 0] = listIn(reply, 2).map((part) => Number(textIn(part, DIGITS)))
  return seconds * 1_000 + micros / 1_000
}
