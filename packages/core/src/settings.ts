import { createDigests } from './digest.ts'
import type { Digests } from './digest.ts'
import { createEvents } from './events.ts'
import type { Events } from './events.ts'
import type { ExpiryRules } from './expiry.ts'
import { guardStore } from './guard-store.ts'
import type { GuardedStore } from './guard-store.ts'
import { uuidIds } from './ids.ts'
import type { IdFormat } from './ids.ts'
import { RECORD_USE_EVERY_MS, checkTokensOptions } from './options.ts'
import type { TokensOptions } from './options.ts'
import { createCounters } from './stats.ts'
import type { Counters } from './stats.ts'

/** The options of `createTokens`, checked and with every default in its place. */
export interface Settings {
  readonly store: GuardedStore
  readonly counters: Counters
  /** `null` where nobody is told. */
  readonly events: Events | null
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
  const { onEvent: hook, now = Date.now } = options
  const counters = createCounters()
  const onError = contained(options.onError ?? warn)
  return {
    store: guardStore(options.store, counters.countStoreCall),
    counters,
    events: hook === undefined ? null : createEvents({ hook, now, onError }),
    prefix: options.prefix,
    activeLimit: options.activeLimit === undefined ? 25 : options.activeLimit,
    catalogue: options.scopes === undefined ? null : new Set(options.scopes),
    wildcards: options.wildcards ?? false,
    ids: options.ids ?? uuidIds,
    digests: createDigests(options.pepper ?? null),
    expiry: options.expiry ?? {},
    recordUseEveryMs: options.recordUseEveryMs ?? RECORD_USE_EVERY_MS,
    now,
    onError,
  }
}

/** A handler of the app's that throws must not end the process from a timer, nor hide the work that it was told of. */
function contained(onError: (error: Error) => void): (error: Error) => void {
  return (error) => {
    try {
      onError(error)
    } catch (thrown) {
      warn(thrown instanceof Error ? thrown : new Error('createTokens: option "onError" threw', { cause: thrown }))
    }
  }
}

function warn(error: Error): void {
  process.emitWarning(error)
}
