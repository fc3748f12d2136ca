import { checkRetention } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import type { Statement, Value } from '../driver/database.ts'
import type { Session } from '../session/session.ts'

const OPERATION = 'prune'
const MOST_IN_STEP = 500

/** Removes in small steps, each a statement. */
export function createPrune({ define, change }: Session): TokenStore['prune'] {
  const claim = define('select {claim_pruning_v1}($1::text, $2::bigint, $3::bigint, $4::text, $5::bigint)')
  const tokens = define('select {prune_tokens_v1}($1::text[], $2::bigint, $3::int, $4::text, $5::bigint)')
  const requests = define('select {prune_requests_v1}($1::bigint, $2::int, $3::text, $4::bigint)')
  const step = (statement: Statement, values: readonly Value[]) =>
    change(OPERATION, async (sql) => {
      const history = await sql.server()
      return sql.run(statement, [...values, history, sql.until(history)])
    })

  return async (retention) => {
    checkRetention(retention)
    const { prefixes, now, endedBefore, onceInMs = null } = retention
    if ((await step(claim, [`pruned_at:${prefixes[0] ?? ''}`, now, onceInMs])) !== 'claimed') return 0
    let removed = 0
    for (let found = MOST_IN_STEP; found === MOST_IN_STEP; ) {
      const answer = await step(tokens, [prefixes, endedBefore, MOST_IN_STEP])
      const [looked, gone] = JSON.parse(answer) as [number, number]
      found = looked
      removed += gone
    }
    while (Number(await step(requests, [now, MOST_IN_STEP])) === MOST_IN_STEP);
    return removed
  }
}
