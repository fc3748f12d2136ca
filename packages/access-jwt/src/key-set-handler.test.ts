import { describe, expect, it } from 'vitest'
import { HOUR, KEY, NOW, openAccess } from '../testing/open-access.ts'
import { requestOf } from '../testing/request.ts'
import { keySetHandler } from './key-set-handler.ts'
import { generateAccessKey, loadAccessKey } from './keys/access-key.ts'

const OTHER = await generateAccessKey('RS256')

async function open() {
  const keys = [{ key: KEY }, { key: OTHER, startsAt: new Date(NOW + HOUR) }]
  const { access, clock } = await openAccess({ keys })
  const handle = keySetHandler(access)
  const get = (...known: string[]) => handle(requestOf({ headers: { 'if-none-match': known } }))
  return { clock, handle, get }
}

describe('keySetHandler', () => {
  it('serves the public parts of the keys, and for how long they may be kept', async () => {
    const { get } = await open()
    const { status, headers, body } = await get()
    expect([status, headers]).toEqual([
      200,
      {
        'Content-Type': 'application/jwk-set+json',
        'Cache-Control': 'public, max-age=300',
        ETag: expect.stringMatching(/^"[\w-]{43}"$/),
      },
    ])
    expect(JSON.parse(body)).toEqual({ keys: [KEY, OTHER].map((key) => loadAccessKey(key)?.published) })
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(body).not.toContain(`"${name}"`)
  })

  it('answers 304 to whoever has the same key set already (RFC 9110 §13.1.2)', async () => {
    const { get } = await open()
    const { headers } = await get()
    const etag = headers['ETag'] ?? ''
    for (const known of [[etag], [`"a", ${etag}`], [`W/${etag}`], ['*'], ['"a"', etag]]) {
      expect(await get(...known)).toEqual({
        status: 304,
        headers: { 'Cache-Control': 'public, max-age=300', ETag: etag },
        body: '',
      })
    }
    for (const known of [['"a"'], [etag.slice(1, -1)], ['']]) expect(await get(...known)).toMatchObject({ status: 200 })
  })

  it('has another ETag when the keys are others', async () => {
    const { clock, get } = await open()
    const { headers } = await get()
    clock.now = NOW + 9 * HOUR
    expect((await get(headers['ETag'] ?? '')).status).toBe(200)
  })

  it('answers HEAD as GET, and no other method', async () => {
    const { handle, get } = await open()
    expect(await handle(requestOf({ method: 'HEAD' }))).toEqual(await get())
    expect(await handle(requestOf({ method: 'POST' }))).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
  })

  it('lets caches keep it for as long as the app says', async () => {
    const { access } = await openAccess()
    const { headers } = await keySetHandler(access, { maxAgeSeconds: 60 })(requestOf())
    expect(headers['Cache-Control']).toBe('public, max-age=60')
    expect(() => keySetHandler(access, { maxAgeSeconds: -1 })).toThrow('keySetHandler: option "maxAgeSeconds" must be')
  })
})
