import { describe, expect, it } from 'vitest'
import { naiveStore } from './naive-store/naive-store.ts'
import { setStage } from './store-under-test.ts'

describe('setStage', () => {
  it('shares the one handle of a store that has no other', async () => {
    const store = naiveStore()
    const stage = await setStage({ create: () => store }, expect)
    expect(stage.store).toBe(store)
    expect(stage.handles).toEqual([store])
  })

  it('connects three more handles to the store that was made', async () => {
    const connected: unknown[] = []
    const subject = {
      create: async () => naiveStore(),
      connect: async (store: unknown) => {
        connected.push(store)
        return naiveStore()
      },
    }
    const { store, handles } = await setStage(subject, expect)
    expect(new Set(handles).size).toBe(4)
    expect(handles[0]).toBe(store)
    expect(connected).toEqual([store, store, store])
  })
})
