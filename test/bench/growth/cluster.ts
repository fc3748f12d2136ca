import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Cluster, Redis } from 'ioredis'
import { startCluster, startRedis } from '../../redis/index.ts'
import type { Bench } from '../harness/bench.ts'
import type { Row } from '../harness/group.ts'
import { issueTokens, PREFIX } from '../in-process/issued-tokens.ts'
import { verifyRow } from '../redis/lookups.ts'
import { AT_ONCE } from './verifier.ts'

const COUNT = 10_000
const NODES = 3

/** Verifications of one process on a Cluster, against those on one server. */
export async function measureCluster(bench: Bench): Promise<void> {
  await using server = await startRedis()
  await using cluster = await startCluster(NODES)
  const single = new Redis(server.port, '127.0.0.1')
  const several = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  const onServer = await rowsOf('one server', redisStore(single))
  const onCluster = await rowsOf(`Cluster of ${NODES}`, redisStore(several))
  for (const mode of ['uncached', 'confirmed'] as const) {
    await bench.measure({
      name: `Growth: verifications on a Cluster, ${mode === 'confirmed' ? "'confirmed'" : mode}, ${AT_ONCE} at once`,
      compares: 'rate',
      base: onServer[mode],
      rows: [onCluster[mode]],
    })
  }
  await Promise.all([onServer.close(), onCluster.close()])
  single.disconnect()
  several.disconnect()
}

/** A store's rows, without a cache and with one. */
interface StoreRows {
  readonly uncached: Row
  readonly confirmed: Row
  close(): Promise<void>
}

async function rowsOf(name: string, store: TokenStore): Promise<StoreRows> {
  const { tokens, secrets } = await issueTokens(store, COUNT)
  const cached = createTokens({ store: cachedStore(store), prefix: PREFIX })
  for (const secret of secrets) await cached.verify(secret)
  return {
    uncached: verifyRow(name, tokens, secrets, AT_ONCE),
    confirmed: verifyRow(name, cached, secrets, AT_ONCE),
    async close() {
      await tokens.close()
      await cached.close()
    },
  }
}
