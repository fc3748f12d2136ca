import type { ContextSource, Revoked, Tokens } from '@tessera/core'

/** The tokens of one API, as far as a leak needs them. */
export type EndingTokens = Pick<Tokens, 'revokeSecret'>

/** The actor of the revocations, for the events. */
const BY = 'github:secret-scanning'
const AT_ONCE = 8

/** What came of a request. */
export interface Endings {
  /** By secret, for each that was a token's, ended before or not. */
  readonly ended: ReadonlyMap<string, Revoked>
  /** One for each secret that may be in use yet: a StoreError, or a TokenError if its line grew at the same time. */
  readonly failures: readonly unknown[]
}

/**
 * Ends each secret of these APIs as leaked, eight at once, with its whole line and all its issued tokens. After a failure it
 * goes on with the others.
 */
export async function endLeaked(
  apis: readonly EndingTokens[],
  secrets: Iterable<string>,
  context: ContextSource | undefined,
): Promise<Endings> {
  const ended = new Map<string, Revoked>()
  const failures: unknown[] = []
  const waiting = [...new Set(secrets)]

  async function endSome(): Promise<void> {
    for (let secret = waiting.pop(); secret !== undefined; secret = waiting.pop()) {
      try {
        const revoked = await endOne(apis, secret, context)
        if (revoked !== null) ended.set(secret, revoked)
      } catch (error) {
        failures.push(error)
      }
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, endSome))
  return { ended, failures }
}

/** An API passes over every text that it never issued, or imported, without a store call: by prefix and checksum. */
async function endOne(
  apis: readonly EndingTokens[],
  secret: string,
  context: ContextSource | undefined,
): Promise<Revoked | null> {
  for (const tokens of apis) {
    const revoked = await tokens.revokeSecret(secret, { reason: 'leaked', issued: true, by: BY, context })
    if (revoked !== null) return revoked
  }
  return null
}
