import { setMaxListeners } from 'node:events'
import type { Tokens } from '@tessera/core'
import { authenticate, watchAuth } from '@tessera/express'
import type { Express } from 'express'

export const streamPath = '/stream'

const BEAT_MS = 15_000

/**
 * A stream of server-sent events of the fifth API. It ends with its token.
 *
 * @param stopping Aborts when the server stops: then every stream ends.
 */
export function mountStream(app: Express, tokens: Tokens, stopping: AbortSignal): void {
  setMaxListeners(0, stopping)
  app.get(streamPath, authenticate(tokens, { scopes: ['jobs:read'] }), (req, res) => {
    const { signal } = watchAuth(req, res)
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    if (req.method === 'HEAD' || signal.aborted || stopping.aborted) return void res.end()
    res.write('event: open\ndata: {}\n\n')
    // A proxy may close a connection without traffic.
    const beat = setInterval(() => res.write(':\n\n'), BEAT_MS)
    signal.addEventListener('abort', () => {
      clearInterval(beat)
      res.end()
    })
    stopping.addEventListener('abort', () => res.end(), { signal })
  })
}
