/** What differs from run to run, and what stands for it: on both sides of a comparison. */
const VARIABLE: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\b(ot_pat|tok_live|key|aeth)_[0-9A-Za-z]{48}\b/g, '$1_<secret>'],
  [/\b(ot_pat|tok_live|key|aeth)_[0-9A-Za-z]{4}(\*{8})[0-9A-Za-z]{4}\b/g, '$1_<preview>'],
  [/("prefix":\s*"aeth_)[0-9A-Za-z]{4}"/g, '$1<prefix>"'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\btok_[a-z0-9]{24}\b/g, '<id>'],
  [/\b[0-9a-hjkmnp-tv-z]{32}\b/g, '<id>'],
  [/("(?:lastUsedAt|last_used_at)":\s*)(?:null|"[^"]*")/g, '$1<last use>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
  [/^((?:Date|ETag|Content-Length): ).*$/gim, '$1<varies>'],
]

/**
 * A pattern that output matches when it is what a document shows: apart from white space, from ids, secrets and times,
 * and from what the document leaves out as `…`.
 */
export function shownPattern(shown: string): RegExp {
  const parts = comparable(shown).split('…')
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('.*')}$`, 's')
}

/** Output in the form that {@link shownPattern} is to be held against. */
export function comparable(output: string): string {
  return VARIABLE.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), output).replaceAll(/\s/g, '')
}
