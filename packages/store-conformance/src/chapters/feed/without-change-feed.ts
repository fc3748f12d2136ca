import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'

export const withoutChangeFeed: Chapter = chapter('change feed', ['Absent if the store has none'], (it) => {
  it('is absent, since the store declares none', async ({ expect, store }) => {
    expect(store.feed).toBeUndefined()
  })
})
