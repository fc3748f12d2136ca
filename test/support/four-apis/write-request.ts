export interface RequestParts {
  readonly method?: string
  readonly path: string
  /** Each name may come any number of times. Values are bytes: a character is one byte, so none may be above U+00FF. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Uint8Array
}

/** The bytes of a request, exactly as the parts say, with a Host and the length of the body where there is one. */
export function writeRequest({ method = 'GET', path, headers = [], body }: RequestParts): Buffer {
  const content = body === undefined ? undefined : Buffer.from(body)
  const length = content === undefined ? [] : [`Content-Length: ${content.length}`]
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  const head = Buffer.from([...lines, ...length, '', ''].join('\r\n'), 'latin1')
  return content === undefined ? head : Buffer.concat([head, content])
}
