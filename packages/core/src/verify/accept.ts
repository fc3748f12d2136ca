import type { Background } from '../observe/background.ts'
import type { Settings } from '../setup/settings.ts'
import { rekey } from '../steps/rekey.ts'
import type { CachedRecord } from '../store/store.ts'
import { permits } from '../token/scope.ts'
import type { Requirements } from '../token/scope.ts'
import { sharedToken } from '../token/shared-token.ts'
import { endOf, toToken } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import type { Accepted, VerifyOptions } from '../token/verification.ts'
import type { Use, UseRecorder } from './uses/record-use.ts'

/**
 * The answer of an accepted cached record, kept as its memo. It is true of the record until the clock ends the token. All
 * verifications of the token share it.
 */
export interface Acceptance {
  readonly by: Acceptor
  /** Exclusive, in epoch milliseconds; infinite if the clock does not end the token. */
  readonly until: number
  readonly answer: Accepted
  readonly use: Use
}

/** Accepts tokens: records their use, and makes the answer. */
export interface Acceptor {
  /** @param digest The digest to keep the record under from then on. */
  accept(record: TokenRecord, digest: string, at: number, options: VerifyOptions): Accepted
  /** Accepts a cached record, and leaves `acceptAgain` a memo there. */
  acceptCached(cached: CachedRecord, digest: string, at: number, options: VerifyOptions): Accepted
  /** Accepts a token accepted before, at a fraction of the cost; `null` if there is more to check. */
  acceptAgain(cached: CachedRecord, requirements: Requirements, at: number): Accepted | null
}

export function createAcceptor(settings: Settings, uses: UseRecorder, background: Background): Acceptor {
  const moving = new Set<string>()

  function accept(record: TokenRecord, digest: string, at: number, options: VerifyOptions): Accepted {
    settings.events()?.used(record, at, options)
    uses.note(record, at)
    if (record.digest !== digest) move(record, digest)
    return { ok: true, token: toToken(record, at) }
  }

  /** Once for all uses of the token at the same moment. */
  function move({ owner, id }: TokenRecord, digest: string): void {
    if (moving.has(digest)) return
    moving.add(digest)
    background.run(settings.store.take(owner, rekey(id, digest)).finally(() => moving.delete(digest)))
  }

  function acceptCached(cached: CachedRecord, digest: string, at: number, options: VerifyOptions): Accepted {
    const { record } = cached
    // What was accepted from one address says nothing of another.
    if (record.digest !== digest || record.networks !== null) return accept(record, digest, at, options)
    settings.events()?.used(record, at, options)
    const answer = Object.freeze({ ok: true, token: sharedToken(toToken(record, at)) } as const)
    cached.memo = { by: acceptor, until: endOf(record), answer, use: uses.note(record, at) } satisfies Acceptance
    return answer
  }

  function acceptAgain({ memo }: CachedRecord, requirements: Requirements, at: number): Accepted | null {
    const acceptance = memo as Acceptance | null // Only acceptors write it.
    if (acceptance?.by !== acceptor || at >= acceptance.until) return null
    const { answer, use } = acceptance
    if (!permits(answer.token, requirements, settings)) return null
    uses.noteAgain(use, at)
    return answer
  }

  const acceptor: Acceptor = { accept, acceptCached, acceptAgain }
  return acceptor
}
