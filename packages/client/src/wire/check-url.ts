const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * The URL without a slash at its end. A secret is sent there, so it must be `https`, or on this machine.
 *
 * @throws TypeError
 */
export function checkUrl(what: string, given: unknown, allowHttp: boolean): string {
  const url = parse(given)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && (allowHttp || LOOPBACK.test(url.hostname)))
  if (url === null || !isSafe || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError(
      `${what}: "url" must be an https URL without credentials, query and fragment; http for this machine, or with "allowHttp"`,
    )
  return url.href.replace(/\/$/, '')
}

function parse(given: unknown): URL | null {
  if (typeof given !== 'string' && !(given instanceof URL)) return null
  try {
    return new URL(given)
  } catch {
    return null
  }
}
