import { StoreError } from './errors.ts'
import type { TokenStore } from './store.ts'

/** The same store, whose every failure is a {@link StoreError} that names the operation and keeps the cause. */
export function guardStore(store: TokenStore): TokenStore {
  return {
    insert: guarded('insert a token', (...args) => store.insert(...args)),
    findByDigest: guarded('find a token by its digest', (...args) => store.findByDigest(...args)),
    find: guarded('find a token', (...args) => store.find(...args)),
    list: guarded('list tokens', (...args) => store.list(...args)),
    revoke: guarded('revoke a token', (...args) => store.revoke(...args)),
    suspend: guarded('suspend a token', (...args) => store.suspend(...args)),
    resume: guarded('resume a token', (...args) => store.resume(...args)),
    recordUse: guarded('record the use of tokens', (...args) => store.recordUse(...args)),
    rekey: guarded('rekey a token', (...args) => store.rekey(...args)),
    prune: guarded('prune', (...args) => store.prune(...args)),
  }
}

function guarded<Args extends unknown[], Answer>(
  operation: string,
  call: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  return async (...args) => {
    try {
      return await call(...args)
    } catch (error) {
      throw error instanceof StoreError ? error : new StoreError(operation, error)
    }
  }
}
