import { isWatched, publish } from './diagnostics.ts'
import { StoreError } from './errors.ts'
import type { FindByDigest, Held, TokenStore } from './store.ts'

const FIND = 'find a token by its digest'

/** A store that finds a token's standing, cached or not. */
export type GuardedStore = TokenStore & Required<Pick<TokenStore, 'findStanding'>>

/**
 * The same store, whose every failure is a {@link StoreError} that names the operation and keeps the cause, and whose
 * every call is published on `tessera:store`.
 *
 * @param onCall Told of the end of each call, and its failure.
 */
export function guardStore(store: TokenStore, onCall: (error: Error | null) => void = () => {}): GuardedStore {
  return {
    insert: guarded(onCall, 'insert a token', (...args) => store.insert(...args)),
    findRequest: guarded(onCall, 'find a request', (...args) => store.findRequest(...args)),
    findByDigest: guardedFind(onCall, store),
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

function guardedFind(onCall: (error: Error | null) => void, store: TokenStore): FindByDigest {
  const { held } = store.findByDigest
  const find = guarded(onCall, FIND, (digests: readonly string[], shard: string) => store.findByDigest(digests, shard))
  return held === undefined ? find : Object.assign(find, { held: guardedHeld(onCall, held) })
}

/** Looking into memory is no call of the store; failing to is a failure of it. */
function guardedHeld(onCall: (error: Error | null) => void, held: Held): Held {
  function fail(error: unknown): never {
    const failure = failureOf(FIND, error)
    onCall(failure)
    throw failure
  }

  const attempt =
    <Args extends unknown[], Answer>(look: (...args: Args) => Answer) =>
    (...args: Args): Answer => {
      try {
        return look(...args)
      } catch (error) {
        return fail(error)
      }
    }

  const { confirm } = held
  return {
    has: attempt((digests: readonly string[]) => held.has(digests)),
    find: attempt((digests: readonly string[], now: number) => held.find(digests, now)),
    ...(confirm && { confirm: attempt(sharing(confirm, fail)) }),
  }
}

/** All who share a reading share its failure. */
function sharing(confirm: () => Promise<void>, fail: (error: unknown) => never): () => Promise<void> {
  let latest: Promise<void> | null = null
  let confirmed = Promise.resolve()
  return () => {
    const reading = confirm()
    if (reading !== latest) confirmed = reading.catch(fail)
    latest = reading
    return confirmed
  }
}

function failureOf(operation: string, error: unknown): StoreError {
  return error instanceof StoreError ? error : new StoreError(operation, error)
}
