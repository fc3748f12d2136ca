import { createTokens } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { startSentinel, until } from '../../../test/redis/index.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import { REPLICA_SETTINGS } from '../testing/replica-settings.ts'

describe.each(MAJORS)('failover by Sentinel, %s', (_name, { redis }) => {
  it('keeps every acknowledged revocation, and returns without a restart', { timeout: 60_000 }, async () => {
    await using servers = await startSentinel({ replicas: 2, config: REPLICA_SETTINGS })
    const sentinels = [{ host: '127.0.0.1', port: servers.sentinel.port }]
    await withClient(redis({ sentinels, name: servers.name }), async (client) => {
      const store = openStore(client, { minReplicas: 1 })
      const options = { prefix: 'ot_pat', activeLimit: null, onError() {} }
      const tokens = createTokens({ store, ...options })
      // Time is no subject before the failover, and replicas confirm late on a loaded machine.
      const patient = createTokens({ store: openStore(client, { minReplicas: 1, deadlineMs: 10_000 }), ...options })
      const issue = () => patient.issue({ owner: 'acme', name: 'ci-deploy', scopes: [] })
      const kept = await issue()
      const revoked: string[] = []
      for (let number = 0; number < 50; number += 1) {
        const { secret, token } = await issue()
        await patient.revoke('acme', token.id)
        revoked.push(secret)
      }

      await servers.primary.kill()
      await servers.promoted()
      const promotedAt = performance.now()
      await until(async () => (await tokens.verify(kept.secret).catch(() => null))?.ok === true)
      // A loaded machine is slow. The long run of test/faults holds it to 2 s.
      expect(performance.now() - promotedAt).toBeLessThan(10_000)
      for (const secret of revoked) expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
      await until(async () => (await tokens.revoke('acme', kept.token.id).catch(() => null)) !== null)
      expect(await tokens.verify(kept.secret)).toEqual({ ok: false, reason: 'revoked' })
    })
  })
})
