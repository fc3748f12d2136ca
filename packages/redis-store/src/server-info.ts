import { textIn, unexpectedReply } from './reply.ts'

const OLDEST_MAJOR = 7

/** What a server says of itself. */
export interface ServerInfo {
  readonly version: string
  readonly evictionPolicy: string
  readonly isReplica: boolean
  /**
   * Names the history of its writes. A server that was restarted, or took the place of another, has a new one: it may lack
   * the latest writes of the former. A replica has its primary's.
   *
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#replication-id-explained
   */
  readonly history: string
  /** How many replicas it feeds. */
  readonly replicas: number
}

/** @param reply What the server answered to INFO, or to a section of it. */
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

/** What is wrong with a server, and what to set; `null` for one to rely on. */
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
  if (minReplicas > 0 && !isMajority(1 + minReplicas, 1 + replicas)) {
    return (
      `the server has ${replicas} replicas, and a minority of them could acknowledge a change: set minReplicas to ` +
      `${Math.ceil(replicas / 2)} or more`
    )
  }
  return null
}

function isMajority(some: number, all: number): boolean {
  return 2 * some > all
}

/** Empty where the server does not tell it. */
function factIn(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}
