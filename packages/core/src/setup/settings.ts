import type { BackgroundOptions } from '../observe/background.ts'
import { callHook } from '../observe/call-hook.ts'
import { createEvents } from '../observe/events.ts'
import type { Events } from '../observe/events.ts'
import { warn } from '../observe/warn.ts'
import { createCounters } from '../observe/stats.ts'
import type { Counters } from '../observe/stats.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import { uuidIds } from '../token/ids.ts'
import type { IdFormat } from '../token/ids.ts'
import { createDigests } from '../token/secret/digest.ts'
import type { Digests } from '../token/secret/digest.ts'
import { guardStore } from './guard-store.ts'
import type { GuardedStore } from './guard-store.ts'
import type { LegacySecrets } from './legacy-secrets.ts'
import { RECORD_USE_EVERY_MS, checkTokensOptions } from './options.ts'
import type { TokensOptions } from './options.ts'
import { rulesOf } from './token-rules.ts'
import type { TokenRules } from './token-rules.ts'
import { systemClock } from './system-clock.ts'

/** The options of `createTokens`, checked and with every default in its place. */
export interface Settings extends BackgroundOptions {
  readonly store: GuardedStore
  readonly counters: Counters
  /** `null` as long as nobody listens: a subscriber may come at any time. */
  readonly events: () => Events | null
  /** The rules for forms and documents. */
  readonly rules: TokenRules
  readonly prefix: string
  readonly retiredPrefixes: readonly string[]
  readonly activeLimit: number | null
  readonly catalogue: ReadonlySet<string> | null
  readonly wildcards: boolean
  readonly ids: IdFormat
  readonly digests: Digests
  /** `null` without the option. */
  readonly legacy: LegacySecrets | null
  readonly expiry: ExpiryRules
  readonly recordUseEveryMs: number
  readonly recordScopesAsked: boolean
  readonly now: () => number
}

export function settingsOf(options: TokensOptions): Settings {
  checkTokensOptions(options)
  const { onEvent: hook, now = systemClock } = options
  const retiredPrefixes = [...(options.retiredPrefixes ?? [])]
  const rules = rulesOf(options)
  const counters = createCounters()
  const onError = contained(options.onError ?? warn)
  const { waitUntil = () => {} } = options
  const background: BackgroundOptions = {
    onError,
    waitUntil: (work) => callHook('createTokens: option "waitUntil"', () => waitUntil(work), onError),
  }
  const events = createEvents({ hook, prefix: options.prefix, now, ...background })
  return {
    store: guardStore(options.store, [options.prefix, ...retiredPrefixes], counters.countStoreCall),
    counters,
    events: () => (events.areHeard() ? events : null),
    rules,
    prefix: options.prefix,
    retiredPrefixes,
    activeLimit: rules.activeLimit,
    catalogue: options.scopes === undefined ? null : new Set(options.scopes),
    wildcards: options.wildcards ?? false,
    ids: options.ids ?? uuidIds,
    digests: createDigests(options.pepper ?? null),
    legacy: options.legacy ?? null,
    expiry: options.expiry ?? {},
    recordUseEveryMs: options.recordUseEveryMs ?? RECORD_USE_EVERY_MS,
    recordScopesAsked: options.recordScopesAsked ?? false,
    now,
    ...background,
  }
}

/** A handler of the app that throws or rejects must not end the process, nor hide the failure it was called with. */
function contained(onError: (error: Error) => unknown): (error: Error) => void {
  return (error) => callHook('createTokens: option "onError"', () => onError(error), warn)
}
