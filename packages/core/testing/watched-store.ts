import type { TokenStore } from '../src/store/store.ts'

/** A store without its cache, whose calls are counted, and that fails on demand. */
export interface WatchedStore {
  readonly store: TokenStore
  /** Every call so far, with its arguments. */
  readonly calls: { readonly method: string; readonly args: readonly unknown[] }[]
  /** What every call from here on fails with; `null` for not at all. */
  failure: Error | null
}

export function watchStore(watched: TokenStore): WatchedStore {
  const state: WatchedStore = { store: new Proxy(watched, { get: watchedMethod }), calls: [], failure: null }

  function watchedMethod(target: TokenStore, method: string): unknown {
    const call: unknown = Reflect.get(target, method)
    // What is found in memory would be no call.
    if (method === 'cache') return undefined
    if (typeof call !== 'function') return call
    return async (...args: unknown[]) => {
      state.calls.push({ method, args })
      if (state.failure !== null) throw state.failure
      return Reflect.apply(call, target, args)
    }
  }

  return state
}
