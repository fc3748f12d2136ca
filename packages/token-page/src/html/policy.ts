import { createHash } from 'node:crypto'
import { isNone } from './sources.ts'
import type { Sources } from './sources.ts'

/**
 * The content security policy of the page: its own style sheet and script by their hashes, and forms to itself.
 *
 * @throws TypeError for `'none'` beside the page's own sources
 * @see https://www.w3.org/TR/CSP3/
 */
export function policyOf(style: string, script: string, sources: Sources): string {
  const directives = new Map<string, readonly string[]>([
    ['default-src', ["'none'"]],
    ['style-src', [hashOf(style)]],
    ['script-src', [hashOf(script)]],
    ['form-action', ["'self'"]],
    ['frame-ancestors', ["'none'"]],
    ['base-uri', ["'none'"]],
  ])
  for (const [directive, more] of Object.entries(sources)) {
    const own = (directives.get(directive) ?? []).filter((source) => !isNone(source))
    if (own.length > 0 && more.some(isNone))
      throw new TypeError(
        `tokenPage: option "sources": "${directive}": the page itself needs ${own.join(' ')}, and so not 'none'`,
      )
    directives.set(directive, [...own, ...more])
  }
  return [...directives].map(([directive, list]) => `${directive} ${list.join(' ')}`).join('; ')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
