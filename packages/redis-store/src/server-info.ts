const OLDEST_MAJOR = 7

/** What is wrong with a server that answered INFO with this text, and what to set; `null` for one to rely on. */
export function whyRefused(info: string, allowEviction: boolean): string | null {
  const factOf = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  const version = factOf('redis_version')
  const policy = factOf('maxmemory_policy')
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR)) {
    return `the server is Redis ${version || 'of an unknown version'}: upgrade it to ${OLDEST_MAJOR}.0 or later`
  }
  if (factOf('role') === 'slave') {
    return 'the server is a replica, which lags behind revocations: connect to its primary'
  }
  if (policy.startsWith('allkeys-') && !allowEviction) {
    return (
      `the server's maxmemory-policy is ${policy}, which drops tokens when its memory is full: set it to noeviction ` +
      'or to one of volatile-*, or accept the loss with the option allowEviction: true'
    )
  }
  return null
}
