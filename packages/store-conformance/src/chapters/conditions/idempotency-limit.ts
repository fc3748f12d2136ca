import type { Idempotency } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectCount } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { changeAt, editAt, revocationAt } from '../../steps/change-at.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import { FREELY, NOW, OWNER, given, idsOf, neighbourOf, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const LIMIT = 3
const REFUSED = { outcome: 'idempotency_limit_reached' }

type Step = (store: StepsOnStore, id: string, idempotency: Idempotency, at: number) => Promise<{ outcome: string }>

const STEPS: Readonly<Record<string, Step>> = {
  revoke: (store, id, idempotency, at) => store.revoke(OWNER, id, revocationAt(at, { idempotency })),
  revokeAll: (store, _id, idempotency, at) =>
    store.revokeAll(OWNER, { ...revocationAt(at, { idempotency }), exceptId: null, issuedBefore: null, scope: null }),
  suspend: (store, id, idempotency, at) => store.suspend(OWNER, id, { ...changeAt(at), idempotency }),
  resume: (store, id, idempotency, at) => store.resume(OWNER, id, { ...changeAt(at), idempotency }),
  edit: (store, id, idempotency, at) => store.edit(OWNER, id, editAt(at, { idempotency, name: 'renamed' })),
  rotate: (store, id, idempotency, at) => store.rotate(OWNER, id, sampleRotation({ at, idempotency })),
}

function requestOf(key: string, facts: Partial<Idempotency> = {}): Idempotency {
  return { key, fingerprint: 'a', expiresAt: NOW + 1_000, limit: LIMIT, ...facts }
}

async function issueUnder(store: StepsOnStore, idempotency: Idempotency, at = NOW, owner = OWNER): Promise<string> {
  const answer = await store.insert(sampleRecord({ owner }), { ...FREELY, now: at, idempotency })
  return answer.outcome
}

/** Uses as many keys as the owner may hold, `key-0` and so on. */
async function useAll(
  store: StepsOnStore,
  facts: (number: number) => Partial<Idempotency> = () => ({}),
): Promise<void> {
  for (let number = 0; number < LIMIT; number += 1) {
    const outcome = await issueUnder(store, requestOf(`key-${number}`, facts(number)))
    if (outcome !== 'inserted') throw new Error(`a key was not taken: ${outcome}`)
  }
}

const PROVES: readonly string[] = [
  'The number of keys of its prefix the owner may have',
  'Left out, there is no limit.',
  'Asks how many keys of the owner have not expired',
  'A new one must be below its `limit`',
]

export const idempotencyLimit: Chapter = chapter('idempotency: how many keys an owner may hold', PROVES, (it) => {
  it('refuses to insert under a new key past the limit, and keeps to those that it holds', async ({
    expect,
    store,
  }) => {
    await useAll(store)
    const before = await idsOf(store)
    expect(await issueUnder(store, requestOf('new'))).toBe('idempotency_limit_reached')
    expect(await store.findRequest(OWNER, requestOf('new'), NOW)).toBeNull()
    expect(await issueUnder(store, requestOf('key-1', { fingerprint: 'b' }))).toBe('idempotency_conflict')
    for (let number = 0; number < LIMIT; number += 1)
      expect(await issueUnder(store, requestOf(`key-${number}`))).toBe('replayed')
    expect(await idsOf(store)).toEqual(before)
  })

  for (const [name, step] of Object.entries(STEPS)) {
    it(`${name} is refused under a new key past the limit, and changes nothing`, async ({ expect, store }) => {
      const { id } = await given(store, { suspendedAt: name === 'resume' ? NOW - 1 : null })
      await useAll(store)
      const before = await store.find(OWNER, id)
      expect(await step(store, id, requestOf('new'), NOW)).toEqual(REFUSED)
      expect(await store.find(OWNER, id)).toEqual(before)
      const more = requestOf('new', { limit: LIMIT + 1 })
      expect(['done', 'rotated']).toContain((await step(store, id, more, NOW)).outcome)
      expect((await step(store, id, more, NOW)).outcome).toBe('replayed')
      expect(await issueUnder(store, requestOf('newer', { limit: LIMIT + 1 }))).toBe('idempotency_limit_reached')
    })
  }

  it('has room again from the very instant at which a key expires', async ({ expect, store }) => {
    await useAll(store, (number) => ({ expiresAt: NOW + 10 * (number + 1) }))
    expect(await issueUnder(store, requestOf('new'), NOW + 9)).toBe('idempotency_limit_reached')
    expect(await issueUnder(store, requestOf('new'), NOW + 10)).toBe('inserted')
    expect(await issueUnder(store, requestOf('newer'), NOW + 10)).toBe('idempotency_limit_reached')
    expect(await issueUnder(store, requestOf('newer'), NOW + 30)).toBe('inserted')
    expect(await issueUnder(store, requestOf('newest'), NOW + 30)).toBe('inserted')
    expect(await issueUnder(store, requestOf('last'), NOW + 30)).toBe('idempotency_limit_reached')
    expect(await issueUnder(store, requestOf('new'), NOW + 30)).toBe('replayed')
  })

  it('counts a key that is used again after its expiry once', async ({ expect, store }) => {
    await useAll(store, () => ({ expiresAt: NOW + 10 }))
    for (const at of [NOW + 10, NOW + 20]) {
      const again = requestOf('key-0', { expiresAt: at + 10 })
      expect(await issueUnder(store, again, at)).toBe('inserted')
    }
    for (const key of ['new', 'newer']) expect(await issueUnder(store, requestOf(key), NOW + 20)).toBe('inserted')
    expect(await issueUnder(store, requestOf('newest'), NOW + 20)).toBe('idempotency_limit_reached')
  })

  it('counts each owner by itself, and nothing where there is no limit or no key', async ({ expect, store }) => {
    await useAll(store)
    for (const owner of [neighbourOf(OWNER), 'other'])
      expect(await issueUnder(store, requestOf('new'), NOW, owner)).toBe('inserted')
    expect(await issueUnder(store, requestOf('free', { limit: undefined }))).toBe('inserted')
    expect(await store.insert(sampleRecord(), FREELY)).toEqual({ outcome: 'inserted' })
  })

  it('holds when 100 use keys at the same time', async ({ expect, store, handles }) => {
    const outcomes = await race(
      handles,
      crowd(100, (handle, number) => issueUnder(handle, requestOf(`key-${number}`))),
    )
    const keysWith = (wanted: string) =>
      outcomes.flatMap((outcome, number) => (outcome === wanted ? [`key-${number}`] : []))
    expectCount(expect, keysWith('inserted'), LIMIT, 'keys in use')
    expectCount(expect, keysWith('idempotency_limit_reached'), 100 - LIMIT, 'keys refused')
    expectCount(expect, await idsOf(store), LIMIT, 'tokens')
  })
})
