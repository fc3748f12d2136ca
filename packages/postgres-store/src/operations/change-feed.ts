import type { ChangeFeed, Changes } from '@tessera/core'
import type { Session, Statements } from '../session/session.ts'

type Entry = readonly [n: number, nonce: string, version: string, digest: string | null, owner: string | null]

const NUMBER = /^(\d{1,15})-/

/**
 * The change feed. A revision is `<n>-<nonce>.<version>.<history>`: a failover or a restored backup may lose a new token, and no
 * change announces this loss. The server has another history then, or the entry another version.
 */
export function createChangeFeed({ define, operate, history }: Session): ChangeFeed {
  const newest = define(
    'select json_build_array({server_v1}(), c.n, c.nonce, c.xmin::text)::text from {changes} c order by c.n desc limit 1',
  )
  // One statement, and so one state of the feed. With a number of the future, the newest entry alone.
  const since = define(`
    select json_build_array(
      {server_v1}(),
      (
        select json_agg(json_build_array(c.n, c.nonce, c.xmin::text, c.digest, c.owner) order by c.n) from {changes} c
        where c.n >= least($1::bigint, (select max(m.n) from {changes} m))
      )
    )::text`)
  const nameOf = ([n, nonce, version]: readonly [number, string, string, ...unknown[]]) =>
    `${n}-${nonce}.${version}.${history()}`

  async function changesSince(sql: Statements, revision: string): Promise<Changes> {
    const number = NUMBER.exec(revision)?.[1] ?? String(Number.MAX_SAFE_INTEGER)
    const [, entries] = await sql.read(since, [number])
    const [first, ...later] = entries as readonly Entry[] // Never empty.
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
    changesSince: (revision) => operate('read its changes', (sql) => changesSince(sql, revision)),
  }
}

function changesIn(entries: readonly Entry[]): Omit<Changes, 'revision'> {
  const digests = entries.flatMap(([, , , digest]) => digest ?? [])
  const owners = [...new Set(entries.flatMap(([, , , , owner]) => owner ?? []))]
  return owners.length === 0 ? { digests } : { digests, owners }
}
