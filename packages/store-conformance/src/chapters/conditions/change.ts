import type { Decision, Kept, Seen, TokenRecord, TokenStore, Wants } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectCount, expectAlike } from '../../stage/expect-named.ts'
import { changesAfter, feedOf } from '../../stage/read-feed.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, given, givenMany, neighbourOf, sampleDigest, sampleRecord } from '../../steps/sample-token.ts'

const ROUNDS = 10
const CONTENDERS = 8

function wanting(ids: readonly string[], wants: Partial<Wants> = {}): Wants {
  return { ids, key: null, ...wants }
}

/** The data shown to a step without a change. */
function look(store: TokenStore, wants: Wants, owner = OWNER): Promise<Seen> {
  return store.change(owner, wants, (seen) => ({ answer: seen }))
}

function shown({ records }: Seen, { id }: TokenRecord): TokenRecord {
  const record = records.get(id)
  if (record === undefined) throw new Error(`change did not show the token ${id}, which it was asked for`)
  return record
}

function keptUnder(key: string, record: TokenRecord): Kept {
  return { key, fingerprint: 'fingerprint', expiresAt: NOW + 1_000, answer: { record } }
}

function storeIn([store]: readonly TokenStore[]): TokenStore {
  if (store === undefined) throw new RangeError('there is no store')
  return store
}

/** Has all contenders decide at the same time, spread over the handles. */
function contend<Answer>(
  { stores }: Pick<Stage, 'stores'>,
  step: (store: TokenStore, number: number) => Promise<Answer>,
  count = CONTENDERS,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, number) => {
      const store = stores[number % stores.length]
      return step(store ?? storeIn(stores), number)
    }),
  )
}

/** The later state of a token, renamed if the rule gives a name. */
function renaming(record: TokenRecord, name: string | null, announce = [record.digest]): Decision<boolean> {
  return name === null ? { answer: false } : { answer: true, put: [{ ...record, name }], announce }
}

export const change: Chapter = chapter('change', (it) => {
  it('shows the wanted tokens of the owner, and misses what the owner does not have', async ({
    expect,
    store,
    stores,
  }) => {
    const [token, other] = [await given(store, { lastUsedAt: NOW + 1 }), await given(store, { suspendedAt: NOW })]
    const foreign = await given(store, { owner: neighbourOf(OWNER) })
    for (const handle of stores) {
      const seen = await look(handle, wanting([token.id, 'unknown', foreign.id, other.id]))
      expect(seen).toMatchObject({
        records: new Map([token, other].map((each) => [each.id, each])),
        kept: null,
        active: null,
        keys: null,
      })
    }
  })

  it('shows each token with its predecessor and its successor', async ({ expect, store, stores }) => {
    const first = await given(store)
    const chain = [first.id]
    for (let count = 0; count < 2; count += 1) {
      const rotation = sampleRotation()
      await store.rotate(OWNER, chain.at(-1) ?? '', rotation)
      chain.push(rotation.successor.id)
    }
    const handle = storeIn(stores)
    const showing = async (id = '') => [...(await look(handle, wanting([id]))).records.keys()].toSorted()
    expect(await showing(chain[0])).toEqual(chain.slice(0, 2).toSorted())
    expect(await showing(chain[1])).toEqual(chain.toSorted())
    expect(await showing(chain[2])).toEqual(chain.slice(1).toSorted())
  })

  it('shows what is kept under a key of the owner, also once that expired', async ({ expect, store, stores }) => {
    const token = await given(store)
    const kept = keptUnder('key', token)
    await store.insert(sampleRecord({ owner: 'other' }), {
      ...{ now: NOW, activeLimit: null },
      idempotency: { key: 'key', fingerprint: 'another', expiresAt: NOW + 9 },
    })
    await storeIn(stores).change(OWNER, wanting([], { key: 'key' }), () => ({ answer: null, keep: kept }))
    for (const handle of stores) {
      expect(await look(handle, wanting([], { key: 'key' }))).toMatchObject({ kept })
      expect(await look(handle, wanting([], { key: 'Key' }))).toMatchObject({ kept: null })
    }
  })

  it('counts the tokens that are active at an instant', async ({ expect, store, stores }) => {
    await givenMany(store, 2)
    await given(store, { expiresAt: NOW + 5 })
    await given(store, { suspendedAt: NOW })
    await given(store, { revokedAt: NOW })
    const rotated = await given(store)
    await store.rotate(OWNER, rotated.id, sampleRotation())
    for (const handle of stores) {
      expect((await look(handle, wanting([], { activeAt: NOW + 4 }))).active).toBe(5)
      expect((await look(handle, wanting([], { activeAt: NOW + 5 }))).active).toBe(4)
    }
  })

  it('writes all of a decision, or nothing of it', async ({ expect, store, stores }) => {
    const handle = storeIn(stores)
    const [token, taken] = [await given(store), await given(store, { owner: neighbourOf(OWNER) })]
    const added = sampleRecord()
    const decide =
      (record: TokenRecord) =>
      (seen: Seen): Decision<string> => ({
        answer: 'written',
        put: [{ ...shown(seen, token), name: 'written' }],
        add: [record],
        keep: keptUnder('key', token),
        announce: [token.digest],
      })
    const wants = wanting([token.id, added.id], { key: 'key' })
    await expect(handle.change(OWNER, wants, decide({ ...added, digest: taken.digest }))).rejects.toThrow()
    expect(await handle.find(OWNER, token.id)).toEqual(token)
    expect(await handle.find(OWNER, added.id)).toBeNull()
    expect(await look(handle, wants)).toMatchObject({ kept: null })
    expect(await handle.change(OWNER, wants, decide(added))).toBe('written')
    expect(await handle.find(OWNER, token.id)).toEqual({ ...token, name: 'written' })
    expect(await handle.find(OWNER, added.id)).toEqual(added)
    expect(await look(handle, wants)).toMatchObject({ kept: { key: 'key', answer: { record: token } } })
  })

  it('writes nothing if the decision throws, and rejects with what it threw', async ({ expect, store, stores }) => {
    const token = await given(store)
    const refusal = new Error('refused')
    const decide = (): never => {
      throw refusal
    }
    for (const handle of stores) await expect(handle.change(OWNER, wanting([token.id]), decide)).rejects.toBe(refusal)
    expect(await store.find(OWNER, token.id)).toEqual(token)
  })

  it('never lets two decide by what the other changes: of two tokens one stays', async (stage) => {
    const { expect, store } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const pair = [await given(store), await given(store)] as const
      await contend(stage, (handle, number) => {
        const [own, other] = number % 2 === 0 ? pair : [pair[1], pair[0]]
        return handle.change(OWNER, wanting([own.id, other.id]), (seen) =>
          renaming(shown(seen, own), shown(seen, other).name === 'gone' ? null : 'gone'),
        )
      })
      const names = await Promise.all(pair.map(async ({ id }) => (await store.find(OWNER, id))?.name))
      expect(
        names.filter((name) => name === 'gone'),
        `tokens ${pair.map(({ id }) => id).join(' and ')}`,
      ).toHaveLength(1)
    }
  })

  it('decides anew if a token that was only shown has changed', async (stage) => {
    const { expect, store } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const [gate, token] = [await given(store), await given(store)]
      const answers = await contend(stage, (handle, number) =>
        handle.change(OWNER, wanting([gate.id, token.id]), (seen) =>
          number === 0
            ? renaming(shown(seen, gate), shown(seen, token).name === 'passed' ? null : 'closed')
            : renaming(shown(seen, token), shown(seen, gate).name === 'closed' ? null : 'passed'),
        ),
      )
      const [closed, ...passed] = answers
      expect(closed === passed.includes(true), `tokens ${gate.id} and ${token.id}`).toBe(false)
    }
  })

  it('adds a token of one id once, whoever adds it', async (stage) => {
    const { expect } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = sampleRecord()
      const answers = await contend(stage, (handle, number) =>
        handle.change(OWNER, wanting([id]), ({ records }): Decision<string> => {
          const holder = records.get(id)
          if (holder !== undefined) return { answer: holder.name }
          const record = sampleRecord({ id, name: `adder ${number}`, digest: sampleDigest(`${id} ${number}`) })
          return { answer: record.name, add: [record] }
        }),
      )
      const stored = await stage.store.find(OWNER, id)
      expectAlike(expect, answers, stored?.name, `the adder of the token ${id}`)
    }
  })

  it('keeps the first answer under a key, whoever uses it', async (stage) => {
    const { expect, store } = stage
    const token = await given(store)
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `key ${round}`
      const answers = await contend(stage, (handle, number) =>
        handle.change(OWNER, wanting([], { key }), ({ kept }): Decision<string | undefined> => {
          if (kept !== null) return { answer: kept.fingerprint }
          const fingerprint = `user ${number}`
          return { answer: fingerprint, keep: { ...keptUnder(key, token), fingerprint } }
        }),
      )
      expect(new Set(answers).size, `answers under ${key}: ${answers.join(', ')}`).toBe(1)
    }
  })

  it('decides by a count that is still true when it writes', async (stage) => {
    const { expect, store } = stage
    const limit = 3
    for (let round = 0; round < ROUNDS; round += 1) {
      const owner = `counted-${round}`
      const answers = await contend(stage, (handle) => {
        const record = sampleRecord({ owner })
        return handle.change(owner, wanting([record.id], { activeAt: NOW }), ({ active }) =>
          (active ?? 0) < limit ? { answer: true, add: [record] } : { answer: false },
        )
      })
      expect(answers.filter(Boolean).length, `tokens added for ${owner}`).toBe(limit)
      const { records } = await store.list({ owner, now: NOW, statuses: null, name: null, ...EVERY })
      const ids = records.map(({ id }) => id)
      expectCount(expect, ids, limit, `tokens of ${owner}`)
    }
  })

  it('lets each of 48 who change one token have its turn', async (stage) => {
    const { expect, store } = stage
    const token = await given(store, { name: '0' })
    const step = (handle: TokenStore) =>
      handle.change(OWNER, wanting([token.id]), (seen) => {
        const { name } = shown(seen, token)
        return renaming(shown(seen, token), String(Number(name) + 1))
      })
    await contend(stage, step, 48)
    expect((await store.find(OWNER, token.id))?.name).toBe('48')
  })
})

const EVERY = { sort: { by: 'createdAt', direction: 'asc' }, window: 'all' } as const

/** Of stores with a feed. */
export const announcing: Chapter = chapter('change announces', (it) => {
  it('what it decided, before it is acknowledged', async (stage) => {
    const { expect, store, handles } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const tokens = await givenMany(store, CONTENDERS)
      const before = await feedOf(store).revision()
      await contend(stage, async (handle, number) => {
        const token = tokens[number]
        if (token === undefined) return
        await handle.change(OWNER, wanting([token.id]), (seen) => renaming(shown(seen, token), `round ${round}`))
        for (const reader of handles) {
          const { digests, revision } = await changesAfter(reader, before)
          const place = `the digest ${token.digest} between ${before} and ${revision}`
          expect(digests.has(token.digest), place).toBe(true)
        }
      })
    }
  })

  it('an owner in one entry', async ({ expect, store, stores }) => {
    await given(store)
    const before = await feedOf(store).revision()
    await storeIn(stores).change(OWNER, wanting([]), () => ({ answer: null, announce: 'owner' }))
    const { digests, owners } = await feedOf(store).changesSince(before)
    expect({ digests, owners }).toEqual({ digests: [], owners: [OWNER] })
  })

  it('what an earlier step still owes, whatever it decides itself', async (stage) => {
    const { expect, store, stores, subject } = stage
    // A store that writes record and feed in one step owes nothing, ever.
    const handle = storeIn(stores)
    const cut = await subject.withoutFeed?.(handle)
    if (cut === undefined) return expect(stores).not.toEqual([])
    const token = await given(store)
    const before = await feedOf(store).revision()
    await expect(
      cut.change(OWNER, wanting([token.id]), (seen) => renaming(shown(seen, token), 'owed')),
    ).rejects.toThrow()
    const seen = await look(handle, wanting([token.id]))
    if (shown(seen, token).name === token.name) return
    const { digests, revision } = await changesAfter(store, before)
    expect(digests.has(token.digest), `the digest ${token.digest} between ${before} and ${revision}`).toBe(true)
  })
})
