import type { TokenStore } from '@tessera/core'

export interface Breakable {
  readonly store: TokenStore
  /** What every call fails with; `null` for not at all. */
  readonly outage: { error: Error | null }
}

/** The same store, which fails on demand. */
export function breakable(whole: TokenStore): Breakable {
  const outage: Breakable['outage'] = { error: null }

  function breakableMethod(target: TokenStore, name: string): unknown {
    const method: unknown = Reflect.get(target, name)
    if (typeof method !== 'function') return method
    return async (...args: unknown[]) => {
      if (outage.error !== null) throw outage.error
      return Reflect.apply(method, target, args)
    }
  }

  return { store: new Proxy(whole, { get: breakableMethod }), outage }
}
