import { describe, expect, it } from 'vitest'
import { naiveStore } from '../model/naive-store/naive-store.ts'
import { onStage, setStage } from './store-under-test.ts'

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

describe('onStage', () => {
  function counted() {
    const [made, destroyed]: [unknown[], unknown[]] = [[], []]
    const create = () => {
      const store = naiveStore()
      made.push(store)
      return store
    }
    const subject = {
      create,
      connect: naiveStore.bind(null, undefined),
      destroy: (store: unknown) => destroyed.push(store),
    }
    return { subject, made, destroyed }
  }

  it('destroys the store after its case, and no further handle of it', async () => {
    const { subject, made, destroyed } = counted()
    await onStage(subject, expect, async ({ store }) => {
      expect([made, destroyed]).toEqual([[store], []])
    })
    expect(destroyed).toEqual(made)
  })

  it('destroys a store that a case made besides', async () => {
    const { subject, made, destroyed } = counted()
    await onStage(subject, expect, async (stage) => {
      await stage.subject.create()
    })
    expect(made).toHaveLength(2)
    expect(destroyed).toEqual(made)
  })

  it('destroys the store of a case that fails, and rejects as the case did', async () => {
    const { subject, made, destroyed } = counted()
    const failure = new Error('the case failed')
    await expect(onStage(subject, expect, () => Promise.reject(failure))).rejects.toBe(failure)
    expect([destroyed.length, destroyed[0]]).toEqual([1, made[0]])
  })

  it('destroys the store if it cannot be connected to', async () => {
    const { subject, destroyed } = counted()
    const connect = () => Promise.reject(new Error('no connection'))
    await expect(onStage({ ...subject, connect }, expect, async () => {})).rejects.toThrow('no connection')
    expect(destroyed).toHaveLength(1)
  })
})
