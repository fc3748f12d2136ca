import { exchange } from '../four-apis/connection.ts'
import { writeRequest } from '../four-apis/write-request.ts'
import type { RequestParts } from '../four-apis/write-request.ts'

export interface Curl extends RequestParts {
  readonly url: string
  /** `-i`: show the head of the answer too. */
  readonly showHead: boolean
}

/**
 * Reads a curl command, with the few flags that our documents use: `-s`, `-i`, `-X`, `-H` and `-d`.
 *
 * @param variables What stands for `$NAME`, outside single quotes.
 * @throws Error for anything else, so that no line is run that curl would read in another way
 */
export function readCurl(line: string, variables: Readonly<Record<string, string>> = {}): Curl {
  const [command, ...words] = splitWords(line, variables)
  if (command !== 'curl') throw new Error(`not a curl command: ${line}`)
  const headers: [string, string][] = []
  const found = { url: '', method: '', body: '', showHead: false }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-i') found.showHead = true
    else if (word === '-X') found.method = words.shift() ?? ''
    else if (word === '-H') headers.push(readHeader(words.shift() ?? ''))
    else if (word === '-d') found.body = words.shift() ?? ''
    else if (word.startsWith('http://') && found.url === '') found.url = word
    else if (word !== '-s') throw new Error(`curl ${word} is not understood: ${line}`)
  }
  const { url, showHead, body } = found
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  if (body !== '' && !hasType) headers.push(['Content-Type', 'application/x-www-form-urlencoded'])
  const method = found.method || (body === '' ? 'GET' : 'POST')
  const path = url.replace(/^http:\/\/[^/]+/, '') || '/'
  return { url, showHead, method, path, headers, ...(body !== '' && { body }) }
}

/** Does what curl would, and returns what it would print. */
export async function runCurl(line: string, variables?: Readonly<Record<string, string>>): Promise<string> {
  const { url, showHead, ...parts } = readCurl(line, variables)
  const { raw, body } = await exchange(url, writeRequest(parts))
  return showHead ? raw : body
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([^:]+): *(.*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error(`not a header: ${text}`)
  return [name, value]
}

/** As a shell does: quotes keep words together, and variables have their value but in single quotes. */
function splitWords(line: string, variables: Readonly<Record<string, string>>): string[] {
  const part = /'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<bare>[^\s'"]+)|(?<space>\s+)/gy
  const words: string[] = []
  let isNew = true
  for (const { groups = {} } of line.trim().replaceAll('\\\n', ' ').matchAll(part)) {
    if (groups['space'] === undefined) {
      const text = groups['single'] ?? expand(groups['double'] ?? groups['bare'] ?? '', variables)
      words.push((isNew ? '' : (words.pop() ?? '')) + text)
    }
    isNew = groups['space'] !== undefined
  }
  return words
}

function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? ''
    const value = variables[name]
    if (value === undefined) throw new Error(`$${name} has no value`)
    return value
  })
}
