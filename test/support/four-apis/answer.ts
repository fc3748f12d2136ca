/** An HTTP answer as it arrived. Names of headers are in lower case. */
export interface Answer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Every byte of it. */
  readonly raw: string
}

const END_OF_HEAD = '\r\n\r\n'

/**
 * Reads the answer that stands at the start of `bytes`.
 *
 * @returns The answer and how many bytes it took; `null` while it is not complete.
 * @throws Error when it is no HTTP answer of a known length, or has a header twice
 */
export function readAnswer(bytes: Buffer, isHead: boolean): { answer: Answer; length: number } | null {
  const headLength = bytes.indexOf(END_OF_HEAD)
  if (headLength === -1) return null
  const [statusLine = '', ...lines] = bytes.subarray(0, headLength).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(statusLine)?.[1])
  if (Number.isNaN(status)) throw new Error(`not an HTTP answer: ${statusLine}`)
  const headers = readHeaders(lines)
  const bodyStart = headLength + END_OF_HEAD.length
  const length = bodyStart + (isHead || status === 304 ? 0 : bodyLength(headers))
  if (bytes.length < length) return null
  const body = bytes.toString('utf8', bodyStart, length)
  return { answer: { status, headers, body, raw: bytes.toString('utf8', 0, length) }, length }
}

export function parseJson<Body = unknown>(answer: Answer): Body {
  return JSON.parse(answer.body) as Body
}

function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:\s]+): ?(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    if (key === '' || headers.has(key)) throw new Error(`a header twice, or none: ${line}`)
    headers.set(key, value)
  }
  return headers
}

function bodyLength(headers: ReadonlyMap<string, string>): number {
  const length = headers.get('content-length')
  if (length === undefined) throw new Error('an answer without Content-Length')
  return Number(length)
}
