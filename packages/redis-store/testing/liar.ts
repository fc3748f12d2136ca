import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { freePort } from '../../../test/support/free-port.ts'

/** A proxy in front of a server of 127.0.0.1 that can answer commands by itself. */
export interface Liar extends AsyncDisposable {
  readonly port: number
  /** Answers every command from here on with this text of the protocol; `null` to pass them on again. */
  lie(answer: string | null): void
}

export async function startLiar(target: number): Promise<Liar> {
  const sockets = new Set<Socket>()
  let answer: string | null = null
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (answer === null) upstream.write(chunk)
      else client.write(answer.repeat(commandsIn(chunk)))
    })
    upstream.pipe(client)
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port,
    lie(text) {
      answer = text
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Short commands come in one piece; each is a list of texts. */
function commandsIn(chunk: Buffer): number {
  return chunk.toString('latin1').match(/\*\d+\r\n\$/g)?.length ?? 0
}
