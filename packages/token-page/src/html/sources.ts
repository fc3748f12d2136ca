/** Sources by directive, such as `{ 'style-src': ["'self'"], 'img-src': ['https://cdn.example.com'] }`. */
export type Sources = Readonly<Record<string, readonly string[]>>

/** Whatever a page shows or plays from here runs nothing: any host may do. */
const MEDIA: ReadonlySet<string> = new Set(['img-src', 'font-src', 'media-src'])
const DIRECTIVES: ReadonlySet<string> = new Set([
  ...MEDIA,
  'default-src',
  'script-src',
  'style-src',
  'connect-src',
  'frame-src',
  'worker-src',
  'manifest-src',
  'form-action',
  'frame-ancestors',
  'base-uri',
])
const KEYWORD = /^'(?:self|none|report-sample|strict-dynamic|wasm-unsafe-eval|sha(?:256|384|512)-[\w+/-]+={0,2})'$/i
const HOST =
  /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:\*\.)?[a-z\d-]+(?:\.[a-z\d-]+)*(?::(?:\d{1,5}|\*))?(?:\/[!#-&(-+\--:<-~]*)?$/i
/** A scheme, or every host of one. */
const ANY_HOST = /^(?:[a-z][a-z\d+.-]*:|(?:[a-z][a-z\d+.-]*:\/\/)?\*(?::(?:\d{1,5}|\*))?)$/i
/** The policy is the same in every answer: a nonce in it is known to everybody. */
const UNSAFE = /^'(?:unsafe-|nonce-)/i
const BARE_KEYWORD = /^(?:self|none)$/i

/** @throws TypeError for an unknown directive, for a malformed source, and for one that lets foreign code in */
export function checkSources(sources: Sources): void {
  for (const [directive, list] of Object.entries(sources)) {
    if (!DIRECTIVES.has(directive))
      throw wrong(`there is no directive "${directive}"; there is ${[...DIRECTIVES].join(', ')}`)
    if (!Array.isArray(list)) throw wrong(`"${directive}" must be a list of sources`)
    for (const source of list as readonly unknown[]) checkSource(directive, source)
    if (list.length > 1 && list.some(isNone)) throw wrong(`"${directive}": 'none' stands alone`)
  }
}

/** Whether it is the source for nothing. Beside others, browsers overlook it. */
export function isNone(source: string): boolean {
  return source.toLowerCase() === "'none'"
}

function checkSource(directive: string, source: unknown): void {
  if (typeof source !== 'string' || source.length > 500) throw wrong(`"${directive}" must be a list of sources`)
  if (UNSAFE.test(source)) throw wrong(`"${directive}": ${source} would let foreign code in`)
  if (ANY_HOST.test(source)) {
    if (!MEDIA.has(directive)) throw wrong(`"${directive}": ${source} would let foreign code in; name its hosts`)
  } else if (BARE_KEYWORD.test(source)) throw wrong(`"${directive}": write '${source}' in single quotes`)
  else if (!KEYWORD.test(source) && !HOST.test(source))
    throw wrong(`"${directive}" must be a list of sources, such as 'self' in single quotes or https://cdn.example.com`)
}

function wrong(what: string): TypeError {
  return new TypeError(`tokenPage: option "sources": ${what}`)
}
