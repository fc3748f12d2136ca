import { randomUUID } from 'node:crypto'
import type { TokenEvent } from '@tessera/core'
import { sql } from './database.ts'
import type { Database, Statement } from './database.ts'

export interface AuditEntry {
  readonly at: number
  readonly type: string
  readonly actor: string | null
  readonly about: string | null
  readonly ip: string | null
  /** JSON. */
  readonly details: string
}

interface Audited {
  readonly organizationId: string
  readonly type: string
  readonly actor: string
  readonly about?: string
  readonly details?: object
  /** Whether it happened, as a condition of SQL. Default yes. */
  readonly when?: Statement
}

const MOST_SHOWN = 100

/** Belongs into the transaction of the change. */
export function audited({ organizationId, type, actor, about, details = {}, when = sql`1 = 1` }: Audited): Statement {
  return sql`insert into audit (id, at, organization_id, type, actor, about, details)
    select ${randomUUID()}, ${Date.now()}, ${organizationId}, ${type}, ${actor}, ${about ?? null}, ${JSON.stringify(details)}
    where ${when}`
}

/** The hook of the tokens. What belongs to no organization, such as a guessed secret, is not kept. */
export async function writeEvent(database: Database, event: TokenEvent): Promise<void> {
  const { type, at, by, ip, ...details } = event
  if (!('owner' in event) || event.owner === null) return
  const preview = 'preview' in event ? event.preview : null
  await database.rows(sql`insert into audit (id, at, organization_id, type, actor, about, ip, details)
    select ${randomUUID()}, ${at.getTime()}, organization_id, ${type}, ${by}, ${preview}, ${ip}, ${JSON.stringify(details)}
    from memberships where id = ${event.owner}`)
}

/** The newest entries first. */
export async function auditOf(database: Database, organizationId: string): Promise<readonly AuditEntry[]> {
  const entries = await database.rows<
    Omit<AuditEntry, 'at'> & { readonly at: number | string }
  >(sql`select at, type, actor, about, ip, details from audit
    where organization_id = ${organizationId} order by at desc limit ${MOST_SHOWN}`)
  // PostgreSQL answers a bigint as a text.
  return entries.map((entry) => ({ ...entry, at: Number(entry.at) }))
}
