import { digestSecret } from '@tessera/core'
import { percentileOf } from '../harness/spread.ts'
import type { Table } from '../harness/text.ts'
import { inTurn } from '../in-process/issued-tokens.ts'
import type { Fixture } from './fixture.ts'

const WARM_UP = 5_000
const COUNTED = 20_000
const TARGET_US = 60

/** How long a look-up holds the event loop: drivers of SQLite answer at once, and nothing else runs meanwhile. */
export async function heldLoopTable({ database, store, uncached: { secrets } }: Fixture): Promise<Table> {
  const nextDigest = inTurn(secrets.map((secret) => digestSecret(secret)))
  const bare = database.prepare('select record from tessera_tokens where digest = ?')
  const get = await heldBy(async () => void bare.get(nextDigest()))
  const find = await heldBy(() => store.findByDigest([nextDigest()], '00'))
  return {
    name: 'SQLite: how long the event loop is held',
    columns: ['what', 'p50, µs', 'p99, µs', 'target', 'reached', 'counted'],
    rows: [
      ['a prepared get', get.p50.toFixed(1), get.p99.toFixed(1), '', '', COUNTED],
      [
        'findByDigest',
        find.p50.toFixed(1),
        find.p99.toFixed(1),
        `p99 ≤ ${TARGET_US}`,
        find.p99 <= TARGET_US ? 'yes' : 'no',
        COUNTED,
      ],
    ],
  }
}

async function heldBy(operation: () => Promise<unknown>): Promise<{ readonly p50: number; readonly p99: number }> {
  const figures: number[] = []
  for (let number = 0; number < WARM_UP + COUNTED; number += 1) {
    const start = performance.now()
    const answer = operation()
    const held = performance.now() - start
    await answer
    if (number >= WARM_UP) figures.push(1_000 * held)
  }
  return { p50: percentileOf(figures, 0.5), p99: percentileOf(figures, 0.99) }
}
