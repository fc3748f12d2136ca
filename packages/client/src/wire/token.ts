export type TokenStatus = 'active' | 'suspended' | 'expired' | 'revoked'

/** A token as the server shows it. It never holds the secret. */
export interface Token {
  /** The public handle; it never authenticates. */
  readonly id: string
  readonly owner: string
  readonly name: string
  readonly preview: string
  readonly scopes: readonly string[]
  readonly status: TokenStatus
  /** In CIDR notation; `null` for any. */
  readonly networks: readonly string[] | null
  readonly attributes: Readonly<Record<string, string>>
  readonly createdAt: Date
  readonly createdBy: string | null
  /** The id of its maker, or of the first token of the maker's line; `null` for a person or the app. */
  readonly issuedBy: string | null
  readonly updatedAt: Date
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly suspendedAt: Date | null
  readonly revokedAt: Date | null
  readonly revokedReason: string | null
  /** The id of its successor. */
  readonly rotatedTo: string | null
  /** The id of its predecessor. */
  readonly rotatedFrom: string | null
  readonly overlapEndsAt: Date | null
  /** Whether it is the token of the request. */
  readonly current: boolean
}

/** A new token. Its secret is shown here, and nowhere else. */
export interface Issued {
  readonly token: Token
  readonly secret: string
  /** Whether an earlier request under the same key made it. */
  readonly replayed: boolean
}

/** The number of active tokens, and of those there may be; `null` for no limit. */
export interface Usage {
  readonly active: number
  readonly limit: number | null
}

export interface TokenPage {
  readonly tokens: readonly Token[]
  /** For the filter `after`; `null` on the last page. A page may be short, or empty, and not be the last. */
  readonly next: string | null
  readonly usage: Usage
}
