import { ANNOUNCED_CHANGES } from '../../stage/announced-changes.ts'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { changesAfter, feedOf, numberOf, announces } from '../../stage/read-feed.ts'
import { resumeAt, retentionAt, revocationAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { rotated, sampleRotation } from '../../steps/sample-rotation.ts'
import type { Rotated } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, given, givenMany, sampleDigest } from '../../steps/sample-token.ts'
import { stepsOf } from '../../steps/steps-on.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

/** A store may announce few tokens in another way than many. */
const BULKS = [2, 50, 500]

const PROVES: readonly string[] = [
  'Announces whose tokens changed',
  '`n` grows by one with each entry',
  'The changes after `revision`',
  "'reset'` if they are unknown",
  'Any tokens of these owners may have changed.',
  'announces nothing',
]

export const changeFeed: Chapter = chapter('change feed', PROVES, (it) => {
  it('has a revision from the start, at which nothing has changed', async ({ expect, store }) => {
    const revision = await feedOf(store).revision()
    expect(revision).toMatch(/^\d+-\S+$/)
    const { owners = [], ...changes } = await feedOf(store).changesSince(revision)
    expect({ ...changes, owners }).toEqual({ revision, digests: [], owners: [] })
  })

  for (const [name, { prepare, make }] of Object.entries(ANNOUNCED_CHANGES)) {
    it(`announces ${name} by the time it is acknowledged, to whatever handle`, async ({ expect, store, handles }) => {
      const token = await prepare(store)
      const before = await feedOf(store).revision()
      await make(store, token)
      for (const handle of handles) {
        const changes = await feedOf(handle).changesSince(before)
        const { digests, owners = [] } = changes
        const isBulk = name === 'revokeAll' && owners.length > 0
        expect([digests, owners]).toEqual(isBulk ? [[], [token.owner]] : [[token.digest], []])
        expect(changes.revision).toBe(await feedOf(handle).revision())
        expect(changes.revision).not.toBe(before)
      }
    })
  }

  it('announces both tokens when a rotation is completed, or the token is given another successor', async ({
    expect,
    store,
  }) => {
    for (const change of [
      ({ successor }: Rotated) => store.completeRotation(OWNER, successor.id, NOW + 5),
      ({ record }: Rotated) => store.rotate(OWNER, record.id, sampleRotation()),
    ]) {
      const pair = await rotated(store, await given(store))
      const before = await feedOf(store).revision()
      await change(pair)
      const both = new Set([pair.record.digest, pair.successor.digest])
      expect((await changesAfter(store, before)).digests).toEqual(both)
    }
  })

  for (const count of BULKS) {
    it(`announces each of ${count} tokens that are revoked in bulk, by its digest or its owner`, async (stage) => {
      const { expect, store, subject } = stage
      const tokens = await givenMany(store, count)
      const before = await feedOf(store).revision()
      await store.revokeAll(OWNER, { ...revocationAt(NOW + 5), exceptId: null, issuedBefore: null, scope: null })
      const { digests } = await feedOf(store).changesSince(before)
      if (digests === 'reset') return expect(count).toBeGreaterThan(subject.changeFeed?.keeps ?? 0)
      const announced = await changesAfter(store, before)
      expect(tokens.filter((token) => !announces(announced, token))).toEqual([])
    })
  }

  it('announces a change under the digest that the token has by then', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    const digest = sampleDigest(`${id} peppered`)
    await store.rekey(owner, id, digest)
    const before = await feedOf(store).revision()
    await revokeAt(store, owner, id, NOW + 5)
    expect((await feedOf(store).changesSince(before)).digests).toEqual([digest])
  })

  it('says nothing of inserts, uses and pruning', async ({ expect, store }) => {
    const { owner, id } = await given(store, { revokedAt: NOW + 1 })
    const before = await feedOf(store).revision()
    await given(store)
    await store.recordUse([{ owner, id, at: NOW + 5 }])
    await store.prune(retentionAt(NOW + 5))
    expect(await feedOf(store).revision()).toBe(before)
  })

  it('counts each change by one and gives it a nonce of its own', async ({ expect, store }) => {
    const revisions = await revisionsOfChanges(store, 6)
    const first = numberOf(revisions[0] ?? '')
    expect(revisions.map(numberOf)).toEqual(revisions.map((_, number) => first + number))
    const nonces = revisions.map((revision) => revision.slice(revision.indexOf('-') + 1))
    expect(new Set(nonces).size).toBe(nonces.length)
  })

  it('brings a reader from any revision to the newest', async ({ expect, store }) => {
    const tokens = await givenMany(store, 6)
    const feed = feedOf(store)
    const revisions = [await feed.revision()]
    for (const { owner, id } of tokens) {
      await revokeAt(store, owner, id, NOW + 5)
      revisions.push(await feed.revision())
    }
    const newest = revisions.at(-1)
    for (const [number, revision] of revisions.entries()) {
      const changes = await feed.changesSince(revision)
      expect(changes.revision).toBe(newest)
      expect(new Set(changes.digests)).toEqual(new Set(tokens.slice(number).map(({ digest }) => digest)))
    }
  })

  it('resets a reader whose revision is malformed', async ({ expect, store }) => {
    const revision = (await revisionsOfChanges(store, 2))[1] ?? ''
    const [n, nonce] = [revision.slice(0, revision.indexOf('-')), revision.slice(revision.indexOf('-') + 1)]
    const malformed = ['', '-', n, nonce, `${n}-`, `-${nonce}`, `0${revision}`, `+${revision}`, `${n}.0-${nonce}`]
    const padded = [` ${revision}`, `${revision} `, `${revision}\n`, `${revision}-`, `${revision}\0`, `${revision}*`]
    const absurd = ['NaN-x', `-1-${nonce}`, `1e999-${nonce}`, '9'.repeat(400), '__proto__', '+', '$', '*', `${n}-*`]
    for (const wrong of [...malformed, ...padded, ...absurd]) {
      expect({ wrong, ...(await feedOf(store).changesSince(wrong)) }).toEqual({ wrong, revision, digests: 'reset' })
    }
  })

  it('resets a reader whose revision lies ahead, or has another nonce', async ({ expect, store }) => {
    const [before = '', revision = ''] = await revisionsOfChanges(store, 2)
    const nonce = revision.slice(revision.indexOf('-') + 1)
    const foreign = [
      `${numberOf(revision) + 1}-${nonce}`,
      `${numberOf(before)}-${nonce}`,
      `${numberOf(revision)}-nonce`,
    ]
    for (const wrong of foreign) {
      expect(await feedOf(store).changesSince(wrong)).toEqual({ revision, digests: 'reset' })
    }
  })

  it('resets a reader from a history that was lost and written over, at its end and in its middle', async ({
    expect,
    store,
    subject,
  }) => {
    const lost = await revisionsOfChanges(store, 5)
    const second = stepsOf(await subject.create())
    const kept = await revisionsOfChanges(second, 5)
    for (const [number, revision] of lost.entries()) {
      expect(numberOf(revision)).toBe(numberOf(kept[number] ?? ''))
      expect(await feedOf(second).changesSince(revision)).toEqual({ revision: kept[4], digests: 'reset' })
    }
  })

  it('resets a reader that stands before what the log keeps, and no other', async ({ expect, store, subject }) => {
    const keeps = subject.changeFeed?.keeps ?? 0
    const { id } = await given(store)
    const feed = feedOf(store)
    const first = await feed.revision()
    await rekeyOften(store, id, { from: 0, count: keeps + 1 })
    const newest = await feed.revision()
    expect(await feed.changesSince(first)).toEqual({ revision: newest, digests: 'reset' })
    const few = Math.min(keeps, 20)
    await rekeyOften(store, id, { from: keeps + 1, count: few })
    expect((await feed.changesSince(newest)).digests).toHaveLength(few)
  })

  it('gives a reader near the end of the log every change, or resets it', async ({ expect, store, subject }) => {
    const keeps = subject.changeFeed?.keeps ?? 0
    const { id, digest } = await given(store)
    const feed = feedOf(store)
    const readers = [{ revision: await feed.revision(), next: digest }]
    for (let number = 0; number < 4; number += 1) {
      const next = sampleDigest(`${id} near ${number}`)
      await store.rekey(OWNER, id, next)
      readers.push({ revision: await feed.revision(), next })
    }
    await rekeyOften(store, id, { from: 0, count: keeps - 2 })
    for (const { revision, next } of readers) {
      const { digests } = await feed.changesSince(revision)
      expect(digests === 'reset' || digests.includes(next)).toBe(true)
    }
  })
})

/** The revision after each of `count` changes of one token. */
async function revisionsOfChanges(store: StepsOnStore, count: number): Promise<string[]> {
  const { owner, id } = await given(store)
  const revisions: string[] = []
  for (let number = 0; number < count; number += 1) {
    if (number % 2 === 0) await suspendAt(store, owner, id, NOW + number)
    else await resumeAt(store, owner, id, NOW + number)
    revisions.push(await feedOf(store).revision())
  }
  return revisions
}

/** Makes `count` changes of one token, many at a time since a log may be long. */
async function rekeyOften(
  store: StepsOnStore,
  id: string,
  { from, count }: { from: number; count: number },
): Promise<void> {
  const digests = Array.from({ length: count }, (_, number) => sampleDigest(`${id} ${from + number}`))
  for (let start = 0; start < count; start += 500) {
    await Promise.all(digests.slice(start, start + 500).map((digest) => store.rekey(OWNER, id, digest)))
  }
}
