import { randomBytes } from 'node:crypto'
import { createTokens } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { newestMajor } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'

const OWNERS = 100
const EACH = 10
const NAMES = ['ci-deploy', 'CI Pipeline Token', 'Terraform', 'staging exporter', 'Grafana dashboard']

const server = await startRedis()
const client = newestMajor.redis({ port: server.port })

afterAll(async () => {
  client.disconnect()
  await server.stop()
})

/** What MEMORY USAGE says of every key. */
async function bytesOfAllKeys(): Promise<number> {
  const keys = (await client.callBuffer('keys', ['*'])) as Buffer[]
  const usages = await Promise.all(keys.map((key) => client.call('memory', ['usage', key, 'samples', '0'])))
  return usages.reduce<number>((sum, usage) => sum + Number(usage), 0)
}

describe('a token in Redis', () => {
  it('takes at most 405 bytes with its indexes, used and with an expiry, 10 tokens an owner', async () => {
    const tokens = createTokens({ store: patientStore(client), prefix: 'ot_pat', expiry: { defaultMs: 7_776_000_000 } })
    for (let owner = 0; owner < OWNERS; owner += 1) {
      const name = `org_${randomBytes(6).toString('base64url')}`
      for (let number = 0; number < EACH; number += 1) {
        const scopes = ['jobs:read', 'jobs:write', 'tokens:read']
        const { secret } = await tokens.issue({ owner: name, name: NAMES[number % NAMES.length] ?? '', scopes })
        await tokens.verify(secret)
      }
    }
    await tokens.close()
    const perToken = (await bytesOfAllKeys()) / (OWNERS * EACH)
    expect(perToken).toBeLessThanOrEqual(405)
    expect(perToken).toBeGreaterThan(300) // Less would mean that something was not measured.
  })
})
