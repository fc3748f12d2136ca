import type { Step } from '../steps/decision/decision.ts'
import type { InsertOutcome } from '../steps/insert.ts'
import type { TokenPage, TokenQuery } from '../store/query.ts'
import type { Candidates } from '../token/secret/digest.ts'
import type { TokenRecord } from '../token/token.ts'

/** Finds the tokens of another system's secrets. `legacyAuthenticator` of `@tessera/import` makes one. */
export interface LegacySecrets {
  /** Whether a text has the shape of such a secret. It asks no store: every other text is malformed. */
  matches(secret: string): boolean
  /**
   * Finds the record of a matching secret, whatever its status; `null` if there is none. A
   * record found under another digest is kept under the current digest of the secret from its first use on.
   */
  find(secret: string, records: TokenRecords): Promise<TokenRecord | null>
}

/**
 * The records of an API with their digests, for packages with imports and exports. A step may do anything: keep this from clients.
 * Every failure is a `StoreError`.
 */
export interface TokenRecords {
  /** The prefix of every record to be added. */
  readonly prefix: string
  /** All prefixes of the API, that one first. */
  readonly prefixes: readonly string[]
  now(): number
  newId(): string
  /** Whether an id is one that the verbs look for. */
  isId(id: string): boolean
  /** Whether the scope can be granted today. */
  mayGrant(scope: string): boolean
  /** The digests of a secret: the current one, then those under other peppers. */
  digestsOf(secret: string): Candidates
  findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null>
  take<Answer>(owner: string, step: Step<Answer>): Promise<Answer>
  /** Adds a record, whatever the limit of active tokens. */
  insert(record: TokenRecord): Promise<InsertOutcome>
  list(query: Omit<TokenQuery, 'prefixes'>): Promise<TokenPage>
  /** Reports the addition of a token with the secret of another system. */
  noteImport(record: TokenRecord, from: string, by?: string | null): void
}
