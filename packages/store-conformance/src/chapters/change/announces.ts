import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { changesAfter, feedOf } from '../../stage/read-feed.ts'
import { OWNER, given, givenMany } from '../../steps/sample-token.ts'
import { CONTENDERS, ROUNDS, contend, look, renaming, shown, storeIn, wanting } from './one-step.ts'

const PROVES: readonly string[] = [
  'The order is: write, announce, acknowledge.',
  'the announcement is owed',
  'Announced by the change feed before the answer is acknowledged.',
  "some by their digests, or any of the owner's",
]

/** Of stores with a feed. */
export const announces: Chapter = chapter('change announces', PROVES, (it) => {
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
