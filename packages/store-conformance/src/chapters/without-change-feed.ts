import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'

export const withoutChangeFeed: Chapter = chapter('change feed', (it) => {
  it('is absent, since the store declares none', async ({ expect, store }) => {
    expect(store.changes).toBeUndefined()
  })
})
