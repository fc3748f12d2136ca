import { hash } from 'node:crypto'

/** What a careful team keeps of a token when it writes its own. */
export interface Row {
  readonly owner: string
  readonly revokedAt: number | null
  readonly expiresAt: number | null
}

/** Rows by the SHA-256 of their secrets, of one owner for each ten. */
export function rowsBySecret(secrets: readonly string[]): ReadonlyMap<string, Row> {
  const row = (number: number): Row => ({ owner: `owner-${Math.floor(number / 10)}`, revokedAt: null, expiresAt: null })
  return new Map(secrets.map((secret, number) => [hash('sha256', secret, 'base64url'), row(number)]))
}

/** The floor: no verification of hashed tokens does less than this. */
export function lookUp(rows: ReadonlyMap<string, Row>, secret: string): Row | null {
  return rows.get(hash('sha256', secret, 'base64url')) ?? null
}

/** The least that a team's own verification does: it finds the row, and passes over revoked and expired ones. */
export function findActive(rows: ReadonlyMap<string, Row>, secret: string): Row | null {
  const row = lookUp(rows, secret)
  if (row === null || row.revokedAt !== null) return null
  return row.expiresAt !== null && row.expiresAt <= Date.now() ? null : row
}
