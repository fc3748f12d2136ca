import type { TokenRecord } from '@tessera/core'
import { array, asyncProperty, assert as checkProperty } from 'fast-check'
import { naiveStore } from '../model/naive-store/naive-store.ts'
import { OWNERS, operation } from '../model/operation.ts'
import type { Operation } from '../model/operation.ts'
import { perform, sceneOf } from '../model/perform.ts'
import type { Scene } from '../model/perform.ts'
import { chapter } from '../stage/chapter.ts'
import type { Chapter } from '../stage/chapter.ts'
import { expectNames } from '../stage/expect-named.ts'
import { changesAfter, feedOf, announces } from '../stage/read-feed.ts'
import type { Stage } from '../stage/store-under-test.ts'
import { NOW, queryOf } from '../steps/sample-token.ts'
import { stepsOf } from '../steps/steps-on.ts'
import type { StepsOnStore } from '../steps/steps-on.ts'

const SEQUENCES = { numRuns: 30 }
const LONGEST = { maxLength: 40, size: 'max' } as const

/**
 * Carries out the same operations on a new store and on a naive one, and expects the same answer and the same tokens
 * after each.
 */
async function expectAgreement({ expect, subject }: Stage, operations: readonly Operation[]): Promise<void> {
  const [store, naive] = [stepsOf(await subject.create()), naiveStore()]
  let scene: Scene = { now: NOW, records: [] }
  for (const each of operations) {
    scene = sceneOf(each, scene)
    const naiveRevision = await feedOf(naive).revision()
    const revision = await store.feed?.revision()
    const expected = await perform(each, naive, scene)
    expect(await perform(each, store, scene)).toEqual(expected)
    expect(await tokensOfAll(store, scene.now)).toEqual(await tokensOfAll(naive, scene.now))
    if (revision === undefined) continue
    const announced = await changesAfter(store, revision)
    const naiveChanges = await changesAfter(naive, naiveRevision)
    const owner = each.do === 'revokeAll' ? each.owner : ''
    const missing = [...naiveChanges.digests].filter((digest) => !announces(announced, { digest, owner }))
    expectNames(expect, missing, [], `digests not announced between ${revision} and ${announced.revision}`)
  }
}

async function tokensOfAll(store: StepsOnStore, now: number): Promise<(readonly TokenRecord[])[]> {
  const pages = await Promise.all(OWNERS.map((owner) => store.list(queryOf({ owner, now }))))
  return pages.map(({ records }) => records)
}

const PROVES: readonly string[] = ['Core decides, a store executes']

export const operations: Chapter = chapter('random sequences of operations', PROVES, (it) => {
  it('agree with a naive store after each step', async (stage) => {
    const sequences = asyncProperty(array(operation, LONGEST), (sequence) => expectAgreement(stage, sequence))
    await checkProperty(sequences, SEQUENCES)
  })
})
