import type { Tokens, TokenStore } from '@tessera/core'

/** The tokens of a command, and their source. */
export interface App {
  readonly tokens: Tokens
  /** Of the app's module, if it exports it, or opened from a URL. */
  readonly store: OpenedStore | null
  /** Whether changes reach the audit of the app. Without its module they do not. */
  readonly hasAudit: boolean
  /** The source, for people: a path or the kind of a URL, without a password. */
  readonly from: string
  readonly migrate: ((dryRun: boolean) => Promise<string>) | null
  close(): Promise<void>
}

/** A store with the additions that ours have. */
export interface OpenedStore extends Partial<Pick<TokenStore, 'feed'>> {
  readonly ready?: () => Promise<void>
  /** The clock of its server, in epoch milliseconds. */
  readonly clock?: () => Promise<number>
}
