/** How another system shapes, hashes and stores its secrets. A table of your own is described by one, too. */
export interface LegacySystem {
  /** Kept with each imported token, as the attribute `importedFrom`. Give it at the import and for the authenticator alike. */
  readonly name: string
  /** Reads a presented secret; `null` for a text of another shape. It takes time linear in the text's length. */
  read(secret: string): LegacyReading | null
  /**
   * Reads a stored row.
   *
   * @throws LegacyRowError with the reason if the row cannot be kept
   */
  row(row: LegacyRow): LegacyToken
}

/** A presented secret, as the system would look for it. It has a `digest`, a `lookup` or both. */
export interface LegacyReading {
  /** The text of a fast digest, as the system stores it. */
  readonly digest?: string
  /** The public part of the secret, to find the row by. */
  readonly lookup?: string
  /** The text behind a slow hash. Default the whole secret. */
  readonly hashed?: string
}

/** A row of another system, with its own column names. */
export type LegacyRow = Readonly<Record<string, unknown>>

/** A token as another system keeps it. It has a `digest`, or a `lookup` with a slow `hash`. */
export interface LegacyToken {
  readonly owner: string
  /** The same text as in {@link LegacyReading}. */
  readonly digest?: string
  readonly lookup?: string
  /** Of bcrypt, scrypt or PBKDF2: see `isSlowHash`. */
  readonly hash?: string
  readonly name?: string
  /** In words of your own API. Others are left out, and reported. */
  readonly scopes?: readonly string[]
  /** A part of the secret to show in lists. Default only stars. */
  readonly preview?: string
  readonly createdBy?: string | null
  readonly createdAt?: Date | null
  readonly expiresAt?: Date | null
  readonly lastUsedAt?: Date | null
  readonly suspendedAt?: Date | null
  readonly revokedAt?: Date | null
  readonly networks?: readonly string[] | null
  readonly attributes?: Readonly<Record<string, string>>
}

/** The options common to all systems. */
export interface SystemOptions {
  /** Adds to the row's own columns, or overrules them: the owner, the scopes, the name. */
  readonly map?: (row: LegacyRow) => Partial<LegacyToken>
}

/** The row cannot be kept. The message names columns, and none of their values. */
export class LegacyRowError extends Error {
  override readonly name: string = 'LegacyRowError'
}

/**
 * Reads a row, or a part of one.
 *
 * @throws LegacyRowError also for a failure of the reading itself, e.g. of the option `map`. The failure is its cause: its message may hold values.
 */
export function readRow<Read>(read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    if (error instanceof LegacyRowError) throw error
    const name = error instanceof Error ? error.name : typeof error
    throw new LegacyRowError(`reading the row failed with ${name}`, { cause: error })
  }
}
