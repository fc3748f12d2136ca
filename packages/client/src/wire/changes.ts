import { checkInstants, checkNames } from './check-names.ts'
import type { Names } from './check-names.ts'

export interface IssueFields {
  readonly name: string
  readonly scopes: readonly string[]
  /** Left out, the default of the API; `null` for no expiry. */
  readonly expiresAt?: Date | null | undefined
  /** In CIDR notation; `null` for any. Left out, those of the token that asks. */
  readonly networks?: readonly string[] | null | undefined
  /** Those with a name that the API lets a request give. Left out, those of the token that asks. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** The fields to change. */
export type EditFields = Partial<Omit<IssueFields, 'attributes'>>

export interface RotateFields {
  /** How long the old token is accepted, unless the new one is used before: 0 to 2,592,000. Default 86,400. */
  readonly overlapSeconds?: number | undefined
  /** Default the old token's. */
  readonly expiresAt?: Date | null | undefined
}

/** The tokens to revoke: those that meet every condition. */
export interface RevokeAllFilter {
  readonly createdBy?: string | undefined
  /** The id of the token that made them, directly or not. */
  readonly issuedBy?: string | undefined
  /** This very scope. */
  readonly scope?: string | undefined
  readonly createdBefore?: Date | undefined
  /** Spares one token; `self` is the client's own. It is no condition of its own. */
  readonly exceptId?: string | undefined
  /** Default `requested`. */
  readonly reason?: 'requested' | 'leaked' | undefined
}

const TERM: Readonly<Record<keyof EditFields, true>> = { name: true, scopes: true, expiresAt: true, networks: true }
const ROTATE: Readonly<Record<keyof RotateFields, true>> = { overlapSeconds: true, expiresAt: true }
const REVOKE_ALL: Readonly<Record<keyof RevokeAllFilter, true>> = {
  createdBy: true,
  issuedBy: true,
  scope: true,
  createdBefore: true,
  exceptId: true,
  reason: true,
}

type Verb = 'issue' | 'edit' | 'rotate' | 'revokeAll'

const NAMES: Readonly<Record<Verb, Names>> = {
  issue: { ...TERM, attributes: true },
  edit: TERM,
  rotate: ROTATE,
  revokeAll: REVOKE_ALL,
}

/** @throws TypeError for an unknown field, and an invalid date */
export function checkChange(verb: Verb, fields: object): void {
  checkNames(verb, fields, NAMES[verb])
  checkInstants(verb, fields)
}

/**
 * The path of one token.
 *
 * @throws TypeError for a text that a URL would take for another path
 */
export function pathOf(id: string): string {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw new TypeError('the id must be the id of a token, or "self"')
  return `/${encodeURIComponent(id)}`
}
