import { createHash } from 'node:crypto'

const OLDEST_MAJOR = 7

/** What is wrong with a server that answered INFO with this text, and what to set; `null` for one to rely on. */
export function whyRefused(info: string): string | null {
  const version = factIn(info, 'redis_version')
  const policy = factIn(info, 'maxmemory_policy')
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR)) {
    return `the server is Redis ${version || 'of an unknown version'}: upgrade it to ${OLDEST_MAJOR}.0 or later`
  }
  if (factIn(info, 'role') === 'slave') {
    return 'the server is a replica, which lags behind revocations: connect to its primary'
  }
  if (policy.startsWith('allkeys-')) {
    return (
      `the server's maxmemory-policy is ${policy}, which drops tokens when its memory is full: set it to noeviction ` +
      'or to one of volatile-*'
    )
  }
  return null
}

/**
 * A short name for the histories of writes that servers have, from what they answered to INFO. One that was restarted, or
 * took the place of another, has a new history: it may lack the latest writes of the former.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/replication/#replication-id-explained
 */
export function historyOf(infos: readonly string[]): string {
  const ids = infos.map((info) => factIn(info, 'master_replid')).sort()
  return createHash('sha256').update(ids.join()).digest('base64url').slice(0, 12)
}

/** Empty where the server does not tell it. */
function factIn(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
}
