import { generateSecret, preview } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import type { StoppedLeak } from './guard-options.ts'
import { webLeakGuard } from './web-leak-guard.ts'

const secret = generateSecret('acme_pat', '00')
const leaks: StoppedLeak[] = []
const guard = webLeakGuard({
  prefixes: ['acme_pat'],
  except: ({ method, url }) => method === 'POST' && url === '/tokens',
  onLeak: (leak) => leaks.push(leak),
})
const request = new Request(`https://acme.test/jobs?token=${secret}`)

function streamed(pieces: readonly string[], headers = {}): Response {
  async function* body() {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  return new Response(ReadableStream.from(body()), { status: 201, headers })
}

describe('webLeakGuard', () => {
  it('answers 500 for a secret in the headers or at the start of the body, and reports it once without itself', async () => {
    const location = new Response(null, { status: 303, headers: { Location: `/?token=${secret}` } })
    const phrase = new Response(null, { statusText: secret })
    for (const response of [
      Response.json({ secret }),
      location,
      phrase,
      streamed([secret.slice(0, 30), secret.slice(30)]),
    ]) {
      leaks.length = 0
      const answer = await guard(request, response)
      expect(answer.status).toBe(500)
      expect(await answer.json()).toEqual({ error: 'server_error', error_description: 'The answer was withheld.' })
      const shown = preview(secret)
      expect(leaks).toEqual([{ method: 'GET', url: `/jobs?token=${shown}`, preview: shown }])
    }
  })

  it('cuts a body before a later secret', async () => {
    const answer = await guard(request, streamed(['a line\n', `half ${secret.slice(0, 20)}`, secret.slice(20)]))
    expect(answer.status).toBe(201)
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const read = async () => Buffer.from((await reader.read()).value ?? []).toString()
    expect([await read(), await read()]).toEqual(['a line\n', 'half '])
    await expect(reader.read()).rejects.toThrow('was about to hold a secret')
  })

  it('answers with no range of a body: a secret cut in two would pass', async () => {
    const headers = { 'Content-Range': 'bytes 0-29/58' }
    const answer = await guard(request, new Response(secret.slice(0, 30), { status: 206, headers }))
    expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([416, 'none'])
    expect(await answer.text()).not.toContain(secret.slice(0, 30))
  })

  it('lets everything else through as it is, and secrets where they are made', async () => {
    const clean = await guard(request, streamed(['acme', '_pat_', 'x'], { 'X-A': 'b' }))
    expect([clean.status, clean.headers.get('x-a'), await clean.text()]).toEqual([201, 'b', 'acme_pat_x'])
    const empty = new Response(null, { status: 204 })
    expect(await guard(request, empty)).toBe(empty)
    const issued = Response.json({ secret })
    expect(await guard(new Request('https://acme.test/tokens', { method: 'POST' }), issued)).toBe(issued)
  })

  it('does not hold back the head of an event stream until its first event', async () => {
    const silent = new Response(new ReadableStream(), { headers: { 'Content-Type': 'text/event-stream' } })
    const answer = await guard(request, silent)
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
  })
})
