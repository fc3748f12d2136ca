import { createTokens, shardOf } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { startRedis } from '../../redis/index.ts'
import type { Bench } from '../harness/bench.ts'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atMost } from '../harness/target.ts'
import { PREFIX } from '../in-process/issued-tokens.ts'
import { fillRedis, NOW } from './fill.ts'
import { filteredColumns, filteredRow } from './filtered.ts'
import { COUNTS, OWNER, PAGE, pageRow, placeBefore } from './pages.ts'

/** Pages of one owner's tokens, as these become more, against the least that a page can be: a range of ids. */
export async function measureRedisPages(bench: Bench): Promise<void> {
  await using server = await startRedis()
  const client = new Redis(server.port, '127.0.0.1')
  const tokens = createTokens({ store: redisStore(client, { deadlineMs: 60_000 }), prefix: PREFIX, now: () => NOW })
  const filtered: (string | number)[][] = []
  let filledTo = 0
  for (const count of COUNTS) {
    await fillRedis(server, { from: filledTo, to: count, ownerOf: () => OWNER })
    filledTo = count
    await bench.measure(await pageGroup(client, tokens, count))
    filtered.push(await filteredRow(tokens, count))
  }
  bench.table({ name: 'Scale: a filtered page of 50, redis-store', columns: filteredColumns, rows: filtered })
  client.disconnect()
}

async function pageGroup(client: Redis, tokens: Tokens, count: number): Promise<Group> {
  const key = `tessera:c:{${shardOf(OWNER)}}:ot_pat:${OWNER}`
  const middle = count / 2
  const after = await placeBefore(tokens, middle)
  const range: Row = {
    name: 'ZRANGE of 50 ids',
    run: (times) =>
      repeat(times, 1, async () => {
        const ids = await client.zrange(key, String(middle), String(middle + PAGE - 1))
        if (ids.length !== PAGE) throw new Error('the range is not a page')
      }),
  }
  return {
    name: `Scale: a page of 50 from the middle of ${count.toLocaleString('en')}, redis-store`,
    compares: 'time',
    base: range,
    rows: [
      { ...pageRow('by cursor', tokens, { window: { after, limit: PAGE } }), target: atMost(5) },
      { ...pageRow('by offset', tokens, { window: { offset: middle, limit: PAGE } }), target: atMost(5) },
    ],
  }
}
