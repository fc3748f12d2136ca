import { isWatched, publish } from './diagnostics.ts'
import { StoreError } from './errors.ts'
import type { TokenStore } from './store.ts'

/** A store that finds a token's standing, cached or not. */
export type GuardedStore = TokenStore & Required<Pick<TokenStore, 'findStanding'>>

/**
 * The same store, whose every failure is a {@link StoreError} that names the operation and keeps the cause, and whose
 * every call is published on `tessera:store`.
 *
 * @param onCall Told of the end of each call, and its failure.
 */
export function guardStore(store: TokenStore, onCall: (error: Error | null) => void = () => {}): GuardedStore {
  const { findHeld } = store
  return {
    ...(findHeld && { findHeld: guardedLook(onCall, findHeld) }),
    insert: guarded(onCall, 'insert a token', (...args) => store.insert(...args)),
    findRequest: guarded(onCall, 'find a request', (...args) => store.findRequest(...args)),
    findByDigest: guarded(onCall, 'find a token by its digest', (...args) => store.findByDigest(...args)),
    find: guarded(onCall, 'find a token', (...args) => store.find(...args)),
    findStanding: guarded(onCall, 'find the standing of a token', (...args) =>
      store.findStanding === undefined ? store.find(...args) : store.findStanding(...args),
    ),
    list: guarded(onCall, 'list tokens', (...args) => store.list(...args)),
    revoke: guarded(onCall, 'revoke a token', (...args) => store.revoke(...args)),
    revokeAll: guarded(onCall, "revoke an owner's tokens", (...args) => store.revokeAll(...args)),
    suspend: guarded(onCall, 'suspend a token', (...args) => store.suspend(...args)),
    resume: guarded(onCall, 'resume a token', (...args) => store.resume(...args)),
    edit: guarded(onCall, 'edit a token', (...args) => store.edit(...args)),
    rotate: guarded(onCall, 'rotate a token', (...args) => store.rotate(...args)),
    completeRotation: guarded(onCall, 'complete a rotation', (...args) => store.completeRotation(...args)),
    recordUse: guarded(onCall, 'record the use of tokens', (...args) => store.recordUse(...args)),
    rekey: guarded(onCall, 'rekey a token', (...args) => store.rekey(...args)),
    prune: guarded(onCall, 'prune', (...args) => store.prune(...args)),
  }
}

function guarded<Args extends unknown[], Answer>(
  onCall: (error: Error | null) => void,
  operation: string,
  call: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  function end(startedAt: number, error: Error | null): void {
    onCall(error)
    publish('store', () => ({ operation, durationMs: performance.now() - startedAt, error }))
  }

  return async (...args) => {
    const startedAt = isWatched('store') ? performance.now() : 0
    try {
      const answer = await call(...args)
      end(startedAt, null)
      return answer
    } catch (error) {
      const failure = failureOf(operation, error)
      end(startedAt, failure)
      throw failure
    }
  }
}

type Look = NonNullable<TokenStore['findHeld']>

/** Looking into memory is no call of the store; failing to is a failure of it. */
function guardedLook(onCall: (error: Error | null) => void, look: Look): Look {
  function fail(error: unknown): never {
    const failure = failureOf('find a token by its digest', error)
    onCall(failure)
    throw failure
  }

  return (digests, now) => {
    try {
      const held = look(digests, now)
      return held instanceof Promise ? held.catch(fail) : held
    } catch (error) {
      return fail(error)
    }
  }
}

function failureOf(operation: string, error: unknown): StoreError {
  return error instanceof StoreError ? error : new StoreError(operation, error)
}
