import { createDigests } from './digest.ts'
import type { Digests } from './digest.ts'
import { guardStore } from './guard-store.ts'
import { uuidIds } from './ids.ts'
import type { IdFormat } from './ids.ts'
import { checkTokensOptions } from './options.ts'
import type { ExpiryRules, TokensOptions } from './options.ts'
import type { TokenStore } from './store.ts'

/** The options of `createTokens`, checked and with every default in its place. */
export interface Settings {
  readonly store: TokenStore
  readonly prefix: string
  readonly activeLimit: number | null
  readonly catalogue: ReadonlySet<string> | null
  readonly wildcards: boolean
  readonly ids: IdFormat
  readonly digests: Digests
  readonly expiry: ExpiryRules
  readonly recordUseEveryMs: number
  readonly now: () => number
  readonly onError: (error: Error) => void
}

export function settingsOf(options: TokensOptions): Settings {
  checkTokensOptions(options)
  return {
    store: guardStore(options.store),
    prefix: options.prefix,
    activeLimit: options.activeLimit === undefined ? 25 : options.activeLimit,
    catalogue: options.scopes === undefined ? null : new Set(options.scopes),
    wildcards: options.wildcards ?? false,
    ids: options.ids ?? uuidIds,
    digests: createDigests(options.pepper ?? null),
    expiry: options.expiry ?? {},
    recordUseEveryMs: options.recordUseEveryMs ?? 60_000,
    now: options.now ?? Date.now,
    onError: options.onError ?? ((error) => process.emitWarning(error)),
  }
}
