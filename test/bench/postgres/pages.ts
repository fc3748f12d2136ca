import { createTokens } from '@tessera/core'
import type { Pool } from 'pg'
import type { Group } from '../harness/group.ts'
import { atMost } from '../harness/target.ts'
import { PAGE, pageRow, placeBefore } from '../scale/pages.ts'
import type { Fixture } from './fixture.ts'

const FEW = 100
const MANY = 1_000_000

/** Pages of an owner with very many tokens, against those of one with few. */
export async function pageGroups({ pool, store }: Fixture): Promise<Group[]> {
  const tokens = createTokens({ store, prefix: 'ot_pat' })
  await fill(pool, 'few', FEW)
  await fill(pool, 'many', MANY)
  await pool.query('vacuum analyze')
  const first = { window: { limit: PAGE, after: null } }
  const middle = { window: { limit: PAGE, after: await placeBefore(tokens, MANY / 2, 'many') } }
  return [
    {
      name: `PostgreSQL: a page of ${PAGE} by creation`,
      compares: 'time',
      base: pageRow(`of ${FEW} tokens`, tokens, first, 'few'),
      rows: [
        { ...pageRow('the first of 1,000,000', tokens, first, 'many'), target: atMost(1.5) },
        { ...pageRow('from the middle of 1,000,000', tokens, middle, 'many'), target: atMost(1.5) },
      ],
    },
  ]
}

/** Copies one token of the fixture so often, each copy a millisecond younger than the one before. */
async function fill(pool: Pool, owner: string, count: number): Promise<void> {
  const copy = `
    insert into tessera.tokens
    select copy.* from
      (select token from tessera.tokens as token limit 1) as one,
      generate_series(1, $2::int) as number,
      jsonb_populate_record(one.token, jsonb_build_object(
        'owner', $1::text,
        'id', gen_random_uuid(),
        'digest', encode(sha256(convert_to($1 || number, 'UTF8')), 'base64'),
        'created_at', (one.token).created_at + number
      )) as copy`
  await pool.query(copy, [owner, count])
  await pool.query("insert into tessera.totals (owner, prefix, total) values ($1, 'ot_pat', $2)", [owner, count])
}
