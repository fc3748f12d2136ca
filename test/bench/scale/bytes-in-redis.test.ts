import { describe, expect, it } from 'vitest'
import { bytesInRedis } from './bytes-in-redis.ts'

describe('bytesInRedis', () => {
  it('finds at most 405 bytes a token, and hardly more in all that the server holds', async () => {
    const { keys, growth } = await bytesInRedis(2_000)
    expect(keys).toBeLessThanOrEqual(405)
    expect(keys).toBeGreaterThan(300) // Less would mean that something was not measured.
    expect(growth).toBeLessThan(keys * 1.25)
  })
})
