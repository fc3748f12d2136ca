import { createHash } from 'node:crypto'

/** Sources by directive, such as `{ 'style-src': ["'self'"], 'img-src': ['https://cdn.example.com'] }`. */
export type Sources = Readonly<Record<string, readonly string[]>>

const DIRECTIVE = /^[a-z]{1,20}(-[a-z]{1,20}){0,3}$/
const SOURCE = /^[!-~]{1,500}$/

/** @throws TypeError for a malformed source, and for one that lets foreign code in */
export function checkSources(sources: Sources): void {
  for (const [directive, list] of Object.entries(sources)) {
    const isList =
      Array.isArray(list) && list.every((source) => SOURCE.test(String(source)) && !/[;,]/.test(String(source)))
    if (!DIRECTIVE.test(directive) || !isList)
      throw new TypeError(`tokenPage: option "sources": "${directive}" must be a directive with a list of sources`)
    const unsafe = list.find((source) => source.startsWith("'unsafe-"))
    if (unsafe !== undefined) throw new TypeError(`tokenPage: option "sources": ${unsafe} would let foreign code in`)
  }
}

/**
 * The content security policy of the page: its own style sheet and script by their hashes, and forms to itself.
 *
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
    const own = (directives.get(directive) ?? []).filter((source) => source !== "'none'")
    directives.set(directive, [...own, ...more])
  }
  return [...directives].map(([directive, list]) => `${directive} ${list.join(' ')}`).join('; ')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
