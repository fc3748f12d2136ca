import { textIn, unexpectedReply } from '../text/reply.ts'

const OLDEST_MAJOR = 7

/** A server's facts about itself. */
export interface ServerInfo {
  readonly version: string
  readonly evictionPolicy: string
  readonly isReplica: boolean
  /**
   * Names the history of its writes. A server that was restarted, or took the place of another, has a new one: it may
   * lack the latest writes of the former. A replica has its primary's.
   *
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#replication-id-explained
   */
  readonly history: string
  /** How many replicas it feeds. */
  readonly replicas: number
}

/** @param reply The answer to INFO, or to a section of it. */
export function readInfo(reply: unknown): ServerInfo {
  const info = textIn(reply)
  const role = factIn(info, 'role')
  const history = factIn(info, 'master_replid')
  const isInfo = /^(?:master|slave)$/.test(role) && /^[0-9a-f]{40}$/.test(history)
  if (!isInfo) throw unexpectedReply('what it says of itself')
  return {
    version: factIn(info, 'redis_version'),
    evictionPolicy: factIn(info, 'maxmemory_policy'),
    isReplica: role === 'slave',
    history,
    replicas: info.match(/^slave\d+:.*\bstate=online\b/gm)?.length ?? 0,
  }
}

/** The fault of a server, and the setting to change; `null` for a reliable one. */
export function whyRefused(
  { version, evictionPolicy, isReplica, replicas }: ServerInfo,
  minReplicas: number,
): string | null {
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR)) {
    return `the server is Redis ${version || 'of an unknown version'}: upgrade it to ${OLDEST_MAJOR}.0 or later`
  }
  if (isReplica) return 'the server is a replica, which lags behind revocations: connect to its primary'
  if (evictionPolicy.startsWith('allkeys-')) {
    return (
      `the server's maxmemory-policy is ${evictionPolicy}, which drops tokens when its memory is full: set it to ` +
      'noeviction or to one of volatile-*'
    )
  }
  return minReplicas > 0 ? whyNoMajority(minReplicas, replicas) : null
}

/** The setting to change if a primary and so many replicas are no majority; else `null`. */
export function whyNoMajority(minReplicas: number, replicas: number): string | null {
  if (2 * (1 + minReplicas) > 1 + replicas) return null
  return (
    `the server has ${replicas} replicas, and a minority of them could acknowledge a change: set minReplicas to ` +
    `${Math.ceil(replicas / 2)} or more`
  )
}

/** Empty if the server does not say it. */
function factIn(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}
