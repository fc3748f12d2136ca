import { checkInstants, checkNames } from './check-names.ts'
import type { TokenStatus } from './token.ts'

/** The tokens to list: those that meet every filter; all of the owner's without any. */
export interface ListFilters {
  /** One of these. Default all. */
  readonly status?: TokenStatus | readonly TokenStatus[] | undefined
  /** A part of the name, without regard to case. */
  readonly name?: string | undefined
  readonly createdBy?: string | undefined
  /** The id of the token that made them, directly or not. */
  readonly issuedBy?: string | undefined
  /** A permitted scope. */
  readonly scope?: string | undefined
  readonly createdAfter?: Date | undefined
  readonly createdBefore?: Date | undefined
  readonly usedAfter?: Date | undefined
  /** Last used before, or created before and never used. */
  readonly unusedSince?: Date | undefined
  readonly expiresBefore?: Date | undefined
  /** Default `createdAt`. */
  readonly sort?: 'createdAt' | 'lastUsedAt' | undefined
  /** Default `desc`: the newest first. */
  readonly order?: 'asc' | 'desc' | undefined
  /** The tokens of a page, 1 to 100. Default 50. */
  readonly limit?: number | undefined
  /** The `next` of the page before. Default the start. */
  readonly after?: string | undefined
}

const NAMES: Readonly<Record<keyof ListFilters, true>> = {
  status: true,
  name: true,
  createdBy: true,
  issuedBy: true,
  scope: true,
  createdAfter: true,
  createdBefore: true,
  usedAfter: true,
  unusedSince: true,
  expiresBefore: true,
  sort: true,
  order: true,
  limit: true,
  after: true,
}

/** @throws TypeError for an unknown filter, and an invalid date */
export function writeFilters(filters: ListFilters): URLSearchParams {
  checkNames('list', filters, NAMES)
  checkInstants('list', filters)
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined) query.set(name, value instanceof Date ? value.toISOString() : String(value))
  }
  return query
}
