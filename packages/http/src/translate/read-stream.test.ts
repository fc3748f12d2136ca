import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BODY_LIMIT } from '../message/message.ts'
import { readStream } from './read-stream.ts'

const bytes = (length: number) => Buffer.alloc(length, 'a')
const refused = (code: string) => expect.objectContaining({ name: 'Problem', code })
const web = (...pieces: readonly string[]) => new Response(pieces.join('')).body

/** A server that answers with what `read` made of the body, and a raw connection to it. */
async function open(read: (req: IncomingMessage) => Promise<unknown>): Promise<Socket> {
  const server = createServer((req, res) => {
    read(req).then(
      (body) => res.end(String(body)),
      (error: Error & { status?: number }) => res.writeHead(error.status ?? 500).end(error.message),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  return socket
}

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const chunk = (content: string) => `${content.length.toString(16)}\r\n${content}\r\n`

describe('readStream over a connection', () => {
  it('answers an endless body at the limit, and ends the connection of a client that goes on', async () => {
    const socket = await open((req) => readStream(req))
    const piece = chunk('a'.repeat(65_536))
    let sent = 0
    const sendOn = () => {
      while (!socket.destroyed && socket.write(piece)) sent += piece.length
    }
    const closed = new Promise((resolve) => socket.on('close', resolve))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    socket.on('drain', sendOn).write(HEAD, sendOn)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    vi.advanceTimersByTime(1_000)
    await closed
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })

  it('lets a client that sends two megabytes to their end use its connection on', async () => {
    const socket = await open((req) => readStream(req))
    socket.write(HEAD + chunk('a'.repeat(2_000_000)) + '0\r\n\r\n')
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 413 /)
    socket.write(`${HEAD}${chunk('next')}0\r\n\r\n`)
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 [^]*next/)
  })

  it('refuses what the app has read before, in part or whole, as a fault of the program', async () => {
    for (const read of [text, (req: IncomingMessage) => once(req, 'data')]) {
      const socket = await open(async (req) => {
        await read(req)
        return readStream(req)
      })
      socket.write(`${HEAD}${chunk('abc')}0\r\n\r\n`)
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 500 [^]*the body was read before/)
    }
  })

  it('reads an empty chunked body as no bytes', async () => {
    const socket = await open(async (req) => (await readStream(req)).length)
    socket.write(`${HEAD}0\r\n\r\n`)
    expect(String((await once(socket, 'data'))[0])).toMatch(/\r\n\r\n(?:1\r\n)?0/)
  })

  it('refuses a body that breaks off', async () => {
    const outcome = new Promise((resolve) => {
      void open((req) => readStream(req).catch(resolve)).then((socket) => {
        socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc`, () => socket.end())
      })
    })
    await expect(outcome).resolves.toEqual(refused('invalid_request'))
  })
})

describe('readStream', () => {
  it('reads streams of Node and of the web, iterables, and none', async () => {
    async function* pieces() {
      yield 'a'
      yield new Uint8Array([98])
    }
    for (const stream of [Readable.from(['a', Buffer.from('b')]), web('a', 'b'), pieces()])
      expect(Buffer.from(await readStream(stream)).toString()).toBe('ab')
    await expect(readStream(null)).resolves.toHaveLength(0)
  })

  it('takes 102,400 bytes and refuses one more', async () => {
    await expect(readStream(web('a'.repeat(BODY_LIMIT)))).resolves.toHaveLength(BODY_LIMIT)
    await expect(readStream(web('a'.repeat(BODY_LIMIT + 1)))).rejects.toEqual(refused('payload_too_large'))
    await expect(readStream(Readable.from([bytes(BODY_LIMIT), 'a']))).rejects.toEqual(refused('payload_too_large'))
  })

  it('cancels an endless stream of the web', async () => {
    let given = 0
    const endless = new ReadableStream({
      pull(controller) {
        given += 1
        controller.enqueue(bytes(10_000))
      },
    })
    await expect(readStream(endless)).rejects.toEqual(refused('payload_too_large'))
    expect(given).toBeLessThan(15)
  })

  it('refuses a locked stream, and one of a request whose body was used', async () => {
    const locked = web('a')
    locked?.getReader()
    await expect(readStream(locked)).rejects.toThrow('the body was read before')
    await expect(readStream(web('a'), { used: true })).rejects.toThrow('the body was read before')
  })

  it.each([
    ['gzip', gzipSync],
    ['X-GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    [' identity , gzip', gzipSync],
  ])('undoes %s, up to the limit', async (coding, encode) => {
    const coded = (length: number) => readStream(Readable.from([encode(bytes(length))]), { contentEncoding: [coding] })
    await expect(coded(BODY_LIMIT)).resolves.toHaveLength(BODY_LIMIT)
    await expect(coded(BODY_LIMIT + 1)).rejects.toEqual(refused('payload_too_large'))
    const broken = readStream(Readable.from(['no such coding']), { contentEncoding: [coding] })
    await expect(broken).rejects.toEqual(refused('invalid_request'))
  })

  it.each([['zz'], ['gzip, gzip'], ['__proto__']])('refuses the coding %s without reading', async (coding) => {
    const unread = Readable.from(['a'])
    const headers = { 'Accept-Encoding': 'gzip, deflate, br, identity' }
    await expect(readStream(unread, { contentEncoding: [coding] })).rejects.toMatchObject({ status: 415, headers })
    expect(unread.readableDidRead).toBe(false)
  })
})
