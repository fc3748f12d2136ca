import type { OptionRule } from '@tessera/core'
import { decodeSegment } from './decode-segment.ts'

/** A path below a mount point. */
export interface MountedPath {
  /** The path of the mount point itself, still percent-encoded: empty at the root. */
  readonly mount: string
  /** The rest, still percent-encoded: `/` for the mount point. */
  readonly path: string
  /** By the names of the pattern, decoded. */
  readonly params: Readonly<Record<string, string>>
}

const SEGMENT = /^(?::[A-Za-z_]\w*|[^:*?#(){}[\]\\]+)$/

/**
 * Compiles the path of a mount point, e.g. `/orgs/:orgID/api-tokens`, for frameworks that do not cut it off themselves.
 * The segments are compared as they arrived, without decoding. A parameter takes one segment.
 *
 * @returns A function of a pathname, e.g. of `new URL(url).pathname`. It answers `null` for a path beside the mount point.
 * @throws TypeError for anything but a path of plain segments and parameters, each name once
 */
export function mountAt(pattern: string): (pathname: string) => MountedPath | null {
  const segments = segmentsOf(pattern)
  return (pathname) => {
    const given = pathname.split('/')
    if (given[0] !== '' || given.length <= segments.length) return null
    const params = Object.create(null) as Record<string, string>
    for (const [at, segment] of segments.entries()) {
      const text = given[at + 1] ?? ''
      if (!segment.startsWith(':')) {
        if (text !== segment) return null
      } else if (text === '') return null
      else params[segment.slice(1)] = decodeSegment(text)
    }
    const below = given.slice(segments.length + 1)
    return { mount: given.slice(0, segments.length + 1).join('/'), path: `/${below.join('/')}`, params }
  }
}

/** The path of a mount point as an option, for `checkOptions`. */
export const mountPathRule: OptionRule = {
  right: 'a path such as /tokens or /orgs/:orgID/tokens, with each parameter once',
  test: isMountPath,
}

function isMountPath(value: unknown): boolean {
  try {
    return segmentsOf(value).length >= 0
  } catch {
    return false
  }
}

function segmentsOf(pattern: unknown): readonly string[] {
  const right = 'a path such as /tokens or /orgs/:orgID/tokens'
  if (typeof pattern !== 'string' || !pattern.startsWith('/')) throw new TypeError(`mountAt: give ${right}`)
  const segments = pattern.replace(/\/$/, '').split('/').slice(1)
  const names = segments.filter((segment) => segment.startsWith(':'))
  if (!segments.every((segment) => SEGMENT.test(segment)) || new Set(names).size < names.length) {
    throw new TypeError(`mountAt: give ${right}, with each parameter once`)
  }
  return segments
}
