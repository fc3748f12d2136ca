import type { TokenUse } from '../../steps/use.ts'
import { extensionBy, slidesUntil } from '../../token/expiry.ts'
import type { ExpiryRules } from '../../token/expiry.ts'
import type { TokenRecord } from '../../token/token.ts'

/** The latest use of a token, and the state of its record in the store. */
export interface TrackedUse extends TokenUse {
  readonly digest: string
  /** The latest expiry by uses, as far as is known; `null` if they do not extend it. */
  slidesUntil: number | null
  isTracked: boolean
  isBeingWritten: boolean
  at: number
  /** As far as is known: it is never earlier. */
  expiresAt: number | null
  writtenAt: number
  /** The time of the next write: the interval after the last one. */
  dueAt: number
}

const NEVER = Number.NEGATIVE_INFINITY

export function firstUse({ owner, id, digest, expiresAt }: TokenRecord): TrackedUse {
  // Field by field: what a literal takes from a spread lies apart from the rest, and costs each verification a look there.
  return {
    owner,
    id,
    digest,
    slidesUntil: null,
    isTracked: false,
    isBeingWritten: false,
    at: NEVER,
    expiresAt,
    writtenAt: NEVER,
    dueAt: NEVER,
  }
}

export function isUnwritten({ at, writtenAt, isBeingWritten }: TrackedUse): boolean {
  return at > writtenAt && !isBeingWritten
}

export function markWritten(use: TrackedUse, at: number, dueAt: number): void {
  if (at <= use.writtenAt) return
  use.writtenAt = at
  use.dueAt = dueAt
}

/** Takes over what a record shows of the expiry. */
export function noteExpiry(use: TrackedUse, record: TokenRecord, rules: ExpiryRules): void {
  use.slidesUntil = slidesUntil(record, rules)
  if (record.expiresAt !== null) extend(use, record.expiresAt)
}

export function extend(use: TrackedUse, expiresAt: number): void {
  if (use.expiresAt !== null && expiresAt > use.expiresAt) use.expiresAt = expiresAt
}

/** The use for the store. It extends the token, unless that is known to have expired by `now`. */
export function toWrite(use: TrackedUse, now: number, rules: ExpiryRules): TokenUse {
  const { owner, id, at, expiresAt } = use
  const extendTo = extensionBy(at, use.slidesUntil, rules)
  const extendsIt = extendTo !== null && expiresAt !== null && now < expiresAt && expiresAt < extendTo
  return extendsIt ? { owner, id, at, extendTo } : { owner, id, at }
}
