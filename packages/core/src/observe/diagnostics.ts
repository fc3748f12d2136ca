import { channel } from 'node:diagnostics_channel'
import type { RefusalReason } from '../token/verification.ts'

/**
 * The messages on the channels of `node:diagnostics_channel`: `verify` on `tessera:verify`, and so on. No message holds
 * a secret. A subscriber must not throw.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html
 */
export interface Diagnostics {
  readonly verify: {
    /** `null` for an accepted token. */
    readonly reason: RefusalReason | null
    /** Of an accepted token. */
    readonly owner: string | null
    readonly tokenId: string | null
  }
  readonly issue: { readonly owner: string; readonly tokenId: string; readonly replayed: boolean }
  readonly revoke: { readonly owner: string; readonly tokenId: string }
  readonly exchange: { readonly owner: string; readonly tokenId: string; readonly accessTokenId: string }
  readonly store: {
    readonly operation: string
    readonly durationMs: number
    readonly error: Error | null
  }
}

const channels = {
  verify: channel('tessera:verify'),
  issue: channel('tessera:issue'),
  revoke: channel('tessera:revoke'),
  exchange: channel('tessera:exchange'),
  store: channel('tessera:store'),
}

/** Publishes a message. It is made only for subscribers. */
export function publish<Name extends keyof Diagnostics>(name: Name, describe: () => Diagnostics[Name]): void {
  if (isWatched(name)) channels[name].publish(describe())
}

export function isWatched(name: keyof Diagnostics): boolean {
  return channels[name].hasSubscribers
}
