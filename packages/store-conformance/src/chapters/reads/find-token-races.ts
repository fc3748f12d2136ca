import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike } from '../../stage/expect-named.ts'
import { tokenIn, tokensIn, witnessesOf } from '../../stage/find-token.ts'
import { race } from '../../stage/race.ts'
import type { Contender } from '../../stage/race.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { editAt, retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import { FREELY, NOW, given, givenMany, sampleDigest, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

type Work = (store: StepsOnStore, token: TokenRecord) => Promise<unknown>
type Found = TokenRecord | null

const TOKENS = 12

/**
 * Changes each token while others look for it. Expects them to find its state before or after the change, and after the
 * acknowledgement only the new one.
 *
 * Some look only before the change, and some changes are followed by no look of their own: a later look may repair the
 * damage of an earlier one.
 */
async function expectOneOrTheOther(stage: Stage, tokens: readonly TokenRecord[], change: Work): Promise<void> {
  const { expect, store } = stage
  const witnesses = witnessesOf(stage)
  const before = await Promise.all(tokens.map(({ owner, id }) => store.find(owner, id)))
  const [during, later] = [tokens.map((): Found[] => []), tokens.map((): Found[] => [])]
  const contenders = tokens.flatMap((token, number): Contender<unknown>[] => {
    const look = async (handle: StepsOnStore) => during[number]?.push(await tokenIn(handle, token))
    const looks = Array.from({ length: 5 }, () => look)
    const make = async (handle: StepsOnStore) => {
      await change(handle, token)
      if (number % 2 === 0) later[number]?.push(await tokenIn(handle, token))
    }
    return [...looks, make, ...(number % 3 === 0 ? [] : looks)]
  })
  await race(witnesses, contenders)
  for (const [number, token] of tokens.entries()) {
    const after = await store.find(token.owner, token.id)
    for (const found of during[number] ?? []) {
      expect([before[number], after], `the token ${token.id}`).toContainEqual(found)
    }
    const last = [...(later[number] ?? []), ...(await tokensIn(witnesses, token))]
    expectAlike(expect, last, after, `the token ${token.id} after its change`)
  }
}

const CHANGES: Readonly<Record<string, Work>> = {
  suspend: (store, { owner, id }) => suspendAt(store, owner, id, NOW + 1),
  edit: (store, { owner, id }) => store.edit(owner, id, editAt(NOW + 1, { name: 'narrowed', scopes: [] })),
  rekey: (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
  rotate: (store, { owner, id }) => store.rotate(owner, id, sampleRotation()),
  revoke: (store, { owner, id }) => revokeAt(store, owner, id, NOW + 1),
}

const PROVES: readonly string[] = ['Answers as `find` of the store', 'Any number of processes may call it at once']

export const findTokenRaces: Chapter = chapter('cache.findToken, while the token is changed', PROVES, (it) => {
  for (const [name, change] of Object.entries(CHANGES)) {
    it(`answers with the token before or after ${name}, and then only after it`, async (stage) => {
      await expectOneOrTheOther(stage, await givenMany(stage.store, TOKENS), change)
    })

    it(`answers so where it has found the token before ${name}`, async (stage) => {
      const tokens = await givenMany(stage.store, TOKENS)
      for (const token of tokens) await tokensIn(witnessesOf(stage), token)
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
