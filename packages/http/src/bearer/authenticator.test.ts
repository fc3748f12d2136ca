import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { checkAuthenticator } from './authenticator.ts'

describe('checkAuthenticator', () => {
  it('takes tokens, and whatever verifies and permits', () => {
    const { verify, permits, ...rest } = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    expect(() => checkAuthenticator('factory', { verify, permits, ...rest })).not.toThrow()
    expect(() => checkAuthenticator('factory', { verify, permits })).not.toThrow()
    for (const wrong of [undefined, null, verify, { verify }, { permits }, rest]) {
      expect(() => checkAuthenticator('factory', wrong)).toThrow(TypeError)
      expect(() => checkAuthenticator('factory', wrong)).toThrow(
        'factory: the first argument must be what createTokens',
      )
    }
  })
})
