import type { TokenRecord, TokenStore } from '@tessera/core'
import { array, asyncProperty, assert as checkProperty } from 'fast-check'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { naiveStore } from '../naive-store/naive-store.ts'
import { OWNERS, operation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { perform, sceneOf } from '../perform.ts'
import type { Scene } from '../perform.ts'
import { changesAfter, feedOf, tellsOf } from '../read-feed.ts'
import { NOW, queryOf } from '../sample-token.ts'
import type { Stage } from '../store-under-test.ts'

const SEQUENCES = { numRuns: 60 }
const LONGEST = { maxLength: 40, size: 'max' } as const

/**
 * Carries out the same operations on a new store and on a naive one, and expects the same answer and the same tokens
 * after each.
 */
async function expectAgreement({ expect, subject }: Stage, operations: readonly Operation[]): Promise<void> {
  const [store, naive] = [await subject.create(), naiveStore()]
  let scene: Scene = { now: NOW, records: [] }
  for (const each of operations) {
    scene = sceneOf(each, scene)
    const naiveRevision = await feedOf(naive).revision()
    const revision = await store.changes?.revision()
    const expected = await perform(each, naive, scene)
    expect(await perform(each, store, scene)).toEqual(expected)
    expect(await tokensOfAll(store, scene.now)).toEqual(await tokensOfAll(naive, scene.now))
    if (revision === undefined) continue
    const told = await changesAfter(store, revision)
    const expectedToBeTold = await changesAfter(naive, naiveRevision)
    const owner = each.do === 'revokeAll' ? each.owner : ''
    expect([...expectedToBeTold.digests].filter((digest) => !tellsOf(told, { digest, owner }))).toEqual([])
  }
}

async function tokensOfAll(store: TokenStore, now: number): Promise<(readonly TokenRecord[])[]> {
  const pages = await Promise.all(OWNERS.map((owner) => store.list(queryOf({ owner, now }))))
  return pages.map(({ records }) => records)
}

export const operations: Chapter = chapter('random sequences of operations', (it) => {
  it('agree with a naive store after each step', async (stage) => {
    const sequences = asyncProperty(array(operation, LONGEST), (sequence) => expectAgreement(stage, sequence))
    await checkProperty(sequences, SEQUENCES)
  })
})
