import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CUTS } from '../../testing/fault-server.ts'
import { OWNER, openApi } from '../../testing/open-api.ts'
import type { OpenApi } from '../../testing/open-api.ts'

let api: OpenApi
/** What a process finds after its start. */
let stored: string
const store = async (secret: string) => {
  stored = secret
}
const start = (options = {}) => api.client({ token: () => `${stored}\n`, store, ...options })

beforeEach(async () => {
  api = await openApi()
  stored = api.secret
})
afterEach(() => api.stop())

const crash = new Error('crash')
const never = new Promise<void>(() => {})

/** The client of a new process has access, ends the rotation, and one token is there as before. */
async function expectToComeBack(): Promise<void> {
  await expect(start().self()).resolves.toMatchObject({ status: 'active', current: true })
  await expect(start().finishRotation()).resolves.toMatchObject({ rotatedFrom: api.own.id })
  await expectRotatedOnce()
}

async function expectRotatedOnce(): Promise<void> {
  const { id } = await start().self()
  await expect(api.tokens.get(OWNER, api.own.id)).resolves.toMatchObject({ status: 'revoked', rotatedTo: id })
  await expect(api.active()).resolves.toEqual(['Own'])
}

describe('rotateSelf', () => {
  it('stores the new secret before anything uses it, and the first use ends the old one', async () => {
    const seen: string[] = []
    const client = start({
      store: async (secret: string) => {
        seen.push(await client.authorization())
        await expect(api.tokens.introspect(api.secret)).resolves.toMatchObject({ id: api.own.id })
        stored = secret
      },
    })
    await expect(client.rotateSelf()).resolves.toMatchObject({ rotatedFrom: api.own.id })
    expect(seen).toEqual([`Bearer ${api.secret}`])
    await expect(client.authorization()).resolves.toBe(`Bearer ${stored}`)
    await expect(api.tokens.get(OWNER, api.own.id)).resolves.toMatchObject({ status: 'active' })
    await client.self()
    await expectRotatedOnce()
  })

  it.each(CUTS)('gets the one new secret, however often the answer is lost: %s', async (_, fault) => {
    api.faults.push(fault, fault, fault)
    const client = start()
    await client.rotateSelf()
    expect(stored).not.toBe(api.secret)
    await client.self()
    await expectRotatedOnce()
  })

  it.each(CUTS)('survives a crash after an answer that was lost: %s', async (when, fault) => {
    api.faults.push(fault)
    await expect(start({ tries: 1 }).rotateSelf()).rejects.toMatchObject({ code: 'no_answer' })
    expect(stored).toBe(api.secret)
    if (when === 'before the request') await expect(start().finishRotation()).resolves.toBeNull()
    else await expectToComeBack()
  })

  it('survives a crash at every fortieth byte of the answer, again and again', async () => {
    for (let place = 0; place < 1_000; place += 40) {
      api.faults.push({ kind: 'cut', at: ({ all }) => Math.min(place, all - 1) })
      await expect(start({ tries: 1 }).rotateSelf()).rejects.toMatchObject({ code: 'no_answer' })
    }
    await expectToComeBack()
  })

  it('survives a crash before the secret is stored', async () => {
    void start({ store: async () => never })
      .rotateSelf({}, { deadlineMs: 10_000 })
      .catch(() => {})
    await expect(start({ store: async () => Promise.reject(crash) }).rotateSelf()).rejects.toBe(crash)
    await expectToComeBack()
  })

  it('survives a crash after the secret is stored, with or without its confirmation', async () => {
    const broken = async (secret: string) => {
      stored = secret
      throw crash
    }
    const client = start({ store: broken })
    await expect(client.rotateSelf()).rejects.toBe(crash)
    await expect(client.authorization()).resolves.toBe(`Bearer ${api.secret}`)
    await expectRotatedOnce()
  })

  it('goes on with the old secret while the new one is not stored', async () => {
    const client = start({ store: async () => Promise.reject(crash) })
    await expect(client.rotateSelf()).rejects.toBe(crash)
    await expect(client.self()).resolves.toMatchObject({ id: api.own.id, rotatedTo: expect.any(String) })
  })

  it('rotates once for many callers at once, of whom one may leave', async () => {
    const client = start()
    const stop = new AbortController()
    const all = Array.from({ length: 20 }, async () => client.rotateSelf())
    const left = client.rotateSelf({}, { signal: stop.signal })
    stop.abort(crash)
    await expect(left).rejects.toBe(crash)
    const ids = new Set((await Promise.all(all)).map(({ id }) => id))
    expect(ids.size).toBe(1)
    expect(api.requests).toEqual(['POST /tokens/self/rotate'])
    await client.self()
    await expectRotatedOnce()
  })

  it('is shared by processes, the later one of which reads the secret of the first', async () => {
    const [first, second] = [start(), start()]
    await second.self()
    await first.rotateSelf()
    await first.self()
    await expect(second.rotateSelf()).resolves.toMatchObject({ rotatedFrom: api.own.id, current: true })
    await expect(second.usage()).resolves.toMatchObject({ active: 1 })
    await expectRotatedOnce()
  })

  it('lets an issue under way end with the secret that it began with', async () => {
    const client = start()
    const done = new Promise<void>((resolve) => api.faults.push({ kind: 'hang', done: resolve }))
    const issued = client.issue({ name: 'CI', scopes: [] })
    await done
    const rotated = client.rotateSelf()
    const later = client.issue({ name: 'CD', scopes: [] })
    api.timer.pass(10_000)
    const { secret } = await issued
    await expect(api.tokens.introspect(secret)).resolves.toMatchObject({ name: 'CI' })
    const { id: issuedBy } = await rotated
    await expect(later).resolves.toMatchObject({ token: { name: 'CD', issuedBy } })
    await expect(api.active()).resolves.toEqual(['CD', 'CI', 'Own'])
    expect(api.requests.slice(0, 4)).toEqual([...['', '', '/self/rotate', ''].map((path) => `POST /tokens${path}`)])
  })

  it('is refused without a store, and for an overlap too short to come back in', async () => {
    await expect(api.client().rotateSelf()).rejects.toThrow('needs the options "token" and "store"')
    for (const overlapSeconds of [0, 59, 1.5, 2_592_001])
      await expect(start().rotateSelf({ overlapSeconds })).rejects.toThrow('"overlapSeconds" must be')
    await expect(start().rotateSelf({ overlap: 60 } as object)).rejects.toThrow('there is no "overlap"')
    expect(api.requests).toEqual([])
  })
})
