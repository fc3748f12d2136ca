import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { testTokenStore } from './test-token-store.ts'

describe('testTokenStore', () => {
  it.each<[string, object]>([
    [
      'unknown option "conect"; the options are create, connect, destroy, changeFeed, withoutFeed',
      { conect: memoryStore },
    ],
    ['changeFeed: unknown option "keep"; the options are keeps', { changeFeed: { keep: 10 } }],
    ['option "create" must be a function, got undefined', { create: undefined }],
  ])('leaves nothing untested by mistake: %s', (message, parts) => {
    const subject = { create: memoryStore, ...parts }
    expect(() => testTokenStore('memory-store', subject)).toThrow(`testTokenStore: ${message}`)
  })
})
