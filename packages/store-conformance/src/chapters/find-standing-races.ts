import type { TokenRecord, TokenStore } from '@tessera/core'
import { changeAt, retentionAt, revokeAt, suspendAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { race } from '../race.ts'
import type { Contender } from '../race.ts'
import { standingOf, standingsOf, witnessesOf } from '../read-standing.ts'
import { sampleRotation } from '../sample-rotation.ts'
import { FREELY, NOW, given, givenMany, sampleDigest, sampleRecord } from '../sample-token.ts'
import type { Stage } from '../store-under-test.ts'

type Work = (store: TokenStore, token: TokenRecord) => Promise<unknown>
type Found = TokenRecord | null

const TOKENS = 12

/**
 * Makes a change of each token while others look for it, and expects them to find it as it was before or after, and those
 * who look after the acknowledgement to find it as it is. Some are there before the change only, and some changes are
 * followed by no look of their own, since a later one may repair what an earlier one has spoilt.
 */
async function expectOneOrTheOther(stage: Stage, tokens: readonly TokenRecord[], change: Work): Promise<void> {
  const { expect, store } = stage
  const witnesses = witnessesOf(stage)
  const before = await Promise.all(tokens.map(({ owner, id }) => store.find(owner, id)))
  const [during, later] = [tokens.map((): Found[] => []), tokens.map((): Found[] => [])]
  const contenders = tokens.flatMap((token, number): Contender<unknown>[] => {
    const look = async (handle: TokenStore) => during[number]?.push(await standingOf(handle, token))
    const looks = Array.from({ length: 5 }, () => look)
    const make = async (handle: TokenStore) => {
      await change(handle, token)
      if (number % 2 === 0) later[number]?.push(await standingOf(handle, token))
    }
    return [...looks, make, ...(number % 3 === 0 ? [] : looks)]
  })
  await race(witnesses, contenders)
  for (const [number, token] of tokens.entries()) {
    const after = await store.find(token.owner, token.id)
    for (const found of during[number] ?? []) expect([before[number], after]).toContainEqual(found)
    const settled = [...(later[number] ?? []), ...(await standingsOf(witnesses, token))]
    expect(settled).toEqual(settled.map(() => after))
  }
}

const CHANGES: Readonly<Record<string, Work>> = {
  suspend: (store, { owner, id }) => suspendAt(store, owner, id, NOW + 1),
  edit: (store, { owner, id, scopes }) =>
    store.edit(owner, id, { ...changeAt(NOW + 1), name: 'narrowed', scopes: { from: scopes, to: [] } }),
  rekey: (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
  rotate: (store, { owner, id }) => store.rotate(owner, id, sampleRotation()),
  revoke: (store, { owner, id }) => revokeAt(store, owner, id, NOW + 1),
}

export const findStandingRaces: Chapter = chapter('findStanding, while the token is changed', (it) => {
  for (const [name, change] of Object.entries(CHANGES)) {
    it(`answers with the token before or after ${name}, and then only after it`, async (stage) => {
      await expectOneOrTheOther(stage, await givenMany(stage.store, TOKENS), change)
    })

    it(`answers so where it has found the token before ${name}`, async (stage) => {
      const tokens = await givenMany(stage.store, TOKENS)
      for (const token of tokens) await standingsOf(witnessesOf(stage), token)
      await expectOneOrTheOther(stage, tokens, change)
    })
  }

  it('answers null or with the token while it is inserted, and then only with it', async (stage) => {
    const tokens = Array.from({ length: TOKENS }, () => sampleRecord())
    await expectOneOrTheOther(stage, tokens, (store, token) => store.insert(token, FREELY))
  })

  it('answers with the token or null while it is pruned, and then only null', async (stage) => {
    const tokens: TokenRecord[] = []
    for (let number = 0; number < TOKENS; number += 1) tokens.push(await given(stage.store, { revokedAt: NOW }))
    await expectOneOrTheOther(stage, tokens, (store) => store.prune(retentionAt(NOW + 1)))
  })
})
