import type { ChangeFeed, Changes, LeasedChanges } from '@tessera/core'
import type { Session, Statements } from '../session/session.ts'
import type { Lending } from './write-decision.ts'

type Entry = readonly [n: number, nonce: string, version: string, digest: string | null, owner: string | null]

const NUMBER = /^(\d{1,15})-/

/**
 * The change feed. A revision is `<n>-<nonce>.<version>.<history>`: a failover or a restored backup may lose a new token, and no
 * change announces this loss. The server has another history then, or the entry another version.
 */
export function createChangeFeed({ define, operate, history }: Session, { leases, ownMs }: Lending): ChangeFeed {
  const newest = define(
    'select json_build_array({server_v1}(), c.n, c.nonce, c.xmin::text)::text from {changes} c order by c.n desc limit 1',
  )
  // One statement, and so one state of the feed. With a number of the future, the newest entry alone.
  const entries = `(
    select json_agg(json_build_array(c.n, c.nonce, c.xmin::text, c.digest, c.owner) order by c.n) from {changes} c
    where c.n >= least($1::bigint, (select max(m.n) from {changes} m))
  )`
  const since = define(`select json_build_array({server_v1}(), ${entries})::text`)
  const leasedSince = define(`select json_build_array({server_v1}(), ${entries}, {lease_v2}())::text`)
  const lend = define('select {lend_v2}($1::int, $2::text, $3::bigint)')
  const nameOf = ([n, nonce, version]: readonly [number, string, string, ...unknown[]]) =>
    `${n}-${nonce}.${version}.${history()}`

  async function leasedChangesIn(sql: Statements, revision: string): Promise<LeasedChanges> {
    const [, found, leaseMs] = await sql.read(leasedSince, [numberIn(revision)])
    return { ...changesAfter(revision, found), leaseMs: Number(leaseMs) }
  }

  async function leasedChangesSince(sql: Statements, revision: string): Promise<LeasedChanges> {
    let changes = await leasedChangesIn(sql, revision)
    if (changes.leaseMs < ownMs) {
      const server = await sql.server()
      await sql.run(lend, [ownMs, server, sql.until(server)])
      changes = await leasedChangesIn(sql, revision)
    }
    leases.meet(changes.leaseMs)
    return changes
  }

  /** @param found The entry of the revision, if it is kept, and those after it; else the newest one. */
  function changesAfter(revision: string, found: unknown): Changes {
    const [first, ...later] = found as readonly Entry[] // Never empty.
    if (first === undefined) throw new Error('the change feed is empty')
    const last = later.at(-1) ?? first
    const isWhole = last[0] - first[0] === later.length
    if (!isWhole || nameOf(first) !== revision) return { revision: nameOf(last), digests: 'reset' }
    return { revision: nameOf(last), ...changesIn(later) }
  }

  return {
    revision: () =>
      operate('read the revision of its changes', async (sql) => {
        const [, n, nonce, version] = await sql.read(newest, [])
        return nameOf([Number(n), String(nonce), String(version)])
      }),
    changesSince: (revision) =>
      operate('read its changes', async (sql) => {
        const [, found] = await sql.read(since, [numberIn(revision)])
        return changesAfter(revision, found)
      }),
    ...(ownMs > 0 && {
      leasedChangesSince: (revision: string) => operate('read its changes', (sql) => leasedChangesSince(sql, revision)),
    }),
  }
}

/** A number of the future for a malformed revision. */
function numberIn(revision: string): string {
  return NUMBER.exec(revision)?.[1] ?? String(Number.MAX_SAFE_INTEGER)
}

function changesIn(entries: readonly Entry[]): Omit<Changes, 'revision'> {
  const digests = entries.flatMap(([, , , digest]) => digest ?? [])
  const owners = [...new Set(entries.flatMap(([, , , , owner]) => owner ?? []))]
  return owners.length === 0 ? { digests } : { digests, owners }
}
