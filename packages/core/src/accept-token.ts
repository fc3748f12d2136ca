import type { Background } from './background.ts'
import type { Events } from './events.ts'
import type { Use, UseRecorder } from './record-use.ts'
import { permits } from './scope.ts'
import type { Requirements, ScopeRules } from './scope.ts'
import type { HeldRecord, TokenStore } from './store.ts'
import { endOf, toToken } from './token.ts'
import type { TokenRecord } from './token.ts'
import type { Accepted } from './verify-token.ts'

/** What accepting a record that is held came to. It is true of the record until the clock ends the token. */
export interface Acceptance {
  readonly by: Acceptor
  /** Exclusive, in epoch milliseconds; infinite for a token that the clock does not end. */
  readonly until: number
  readonly answer: Accepted
  readonly use: Use
}

/** Accepts tokens: records their use, and makes the answer. */
export interface Acceptor {
  /** @param digest What the record is to be kept under from then on. */
  accept(record: TokenRecord, digest: string, at: number): Accepted
  /** Accepts a record that is held, and leaves with it what `acceptAgain` needs. */
  acceptHeld(held: HeldRecord, digest: string, at: number): Accepted
  /** Accepts what it accepted before, at a fraction of the cost; `null` where there is more to check. */
  acceptAgain(held: HeldRecord, requirements: Requirements, at: number): Accepted | null
}

export function createAcceptor(
  store: Pick<TokenStore, 'rekey'>,
  rules: ScopeRules,
  uses: UseRecorder,
  background: Background,
  events: Events | null,
): Acceptor {
  const moving = new Set<string>()

  function accept(record: TokenRecord, digest: string, at: number): Accepted {
    events?.used(record, at)
    uses.note(record, at)
    if (record.digest !== digest) move(record, digest)
    return { ok: true, token: toToken(record, at) }
  }

  /** Once for all who use the token at the same moment. */
  function move({ owner, id }: TokenRecord, digest: string): void {
    if (moving.has(digest)) return
    moving.add(digest)
    background.run(store.rekey(owner, id, digest).finally(() => moving.delete(digest)))
  }

  function acceptHeld(held: HeldRecord, digest: string, at: number): Accepted {
    const { record } = held
    // What was accepted from one address says nothing of another.
    if (record.digest !== digest || record.networks !== null) return accept(record, digest, at)
    events?.used(record, at)
    const answer = frozen({ ok: true, token: toToken(record, at) })
    held.acceptance = { by: acceptor, until: endOf(record), answer, use: uses.note(record, at) }
    return answer
  }

  function acceptAgain({ acceptance }: HeldRecord, requirements: Requirements, at: number): Accepted | null {
    if (acceptance?.by !== acceptor || at >= acceptance.until) return null
    const { answer, use } = acceptance
    if (!permits(answer.token, requirements, rules)) return null
    uses.noteAgain(use, at)
    return answer
  }

  const acceptor: Acceptor = { accept, acceptHeld, acceptAgain }
  return acceptor
}

/** The answer is for all who verify the token. */
function frozen(answer: Accepted): Accepted {
  Object.freeze(answer.token.scopes)
  Object.freeze(answer.token.attributes)
  Object.freeze(answer.token.networks)
  Object.freeze(answer.token)
  return Object.freeze(answer)
}
