import type { Tokens } from '@tessera/core'
import type { Sessions } from './access/sessions.ts'
import type { Config } from './config.ts'
import type { Database } from './data/database.ts'

/** What the routes stand on. */
export interface AppParts {
  readonly config: Config
  readonly database: Database
  readonly tokens: Tokens
  readonly sessions: Sessions
  /** Whether the process was asked to end. */
  readonly isEnding: () => boolean
}
