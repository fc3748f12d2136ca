import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { nodeHeaders } from './node-headers.ts'

/** What `read` finds in a request with these lines, as Node received it. */
async function received<Found>(lines: readonly string[], read: (req: IncomingMessage) => Found): Promise<Found> {
  const found = new Promise<Found>((resolve) => {
    const server = createServer((req, res) => {
      res.end()
      resolve(read(req))
    }).listen(0, '127.0.0.1', () => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.end(`${['GET / HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n`)
    })
    onTestFinished(async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    })
  })
  return found
}

describe('nodeHeaders of a request', () => {
  const lines = ['Authorization: Bearer a', 'AUTHORIZATION: Bearer b', 'X-A: 1', 'x-a: 2', 'Cookie: c=1', 'Cookie: d=2']

  it('has each value as it arrived', async () => {
    const headers = await received(lines, nodeHeaders)
    expect(headers).toEqual(
      Object.assign(Object.create(null), {
        host: ['a'],
        authorization: ['Bearer a', 'Bearer b'],
        'x-a': ['1', '2'],
        cookie: ['c=1', 'd=2'],
      }),
    )
  })

  it('has __proto__ like any other name, and no name that was not sent', async () => {
    const headers = await received(['__proto__: x', '__proto__: y', 'Constructor: z'], nodeHeaders)
    expect(Object.getPrototypeOf(headers)).toBeNull()
    expect(Object.entries(headers)).toEqual([
      ['host', ['a']],
      ['constructor', ['z']],
      ['__proto__', ['x', 'y']],
    ])
    expect(headers['toString']).toBeUndefined()
  })

  it('follows a middleware that sets, changes or deletes one', async () => {
    const headers = await received([...lines, 'X-B: 1', 'X-C: 1'], (req) => {
      delete req.headers.authorization
      req.headers['x-a'] = '3'
      req.headers['x-b'] = ['1', '2']
      req.headers['X-New'] = 'n'
      return nodeHeaders(req)
    })
    expect({ ...headers }).toEqual({
      host: ['a'],
      'x-a': ['3'],
      cookie: ['c=1', 'd=2'],
      'x-b': ['1', '2'],
      'x-c': ['1'],
      'x-new': ['n'],
    })
  })

  it('reads only the asked names', async () => {
    const headers = await received([...lines, 'X-Not-Asked: 1'], (req) => nodeHeaders(req, ['authorization', 'origin']))
    expect({ ...headers }).toEqual({ authorization: ['Bearer a', 'Bearer b'] })
  })

  it('takes no header from a polluted prototype', () => {
    const headers: Record<string, string> = Object.create({ authorization: 'Bearer a' })
    const rawHeaders = ['Last-Modified', 'Bearer b']
    expect(nodeHeaders({ rawHeaders, headers }, ['authorization'])).toEqual({})
    expect({ ...nodeHeaders({ rawHeaders, headers }) }).not.toHaveProperty('authorization')
  })
})

describe('nodeHeaders of a platform without a connection', () => {
  it.each([[undefined], [[]]])('takes all of them from headers if rawHeaders are %j', (rawHeaders) => {
    const length = 7 as unknown as string
    const headers = {
      authorization: 'Bearer a',
      'Set-Cookie': ['a', 'b'],
      'x-none': undefined,
      'content-length': length,
    }
    expect({ ...nodeHeaders({ rawHeaders, headers }) }).toEqual({
      authorization: ['Bearer a'],
      'set-cookie': ['a', 'b'],
      'content-length': ['7'],
    })
    expect({ ...nodeHeaders({ rawHeaders, headers }, ['authorization']) }).toEqual({
      authorization: ['Bearer a'],
    })
  })
})
