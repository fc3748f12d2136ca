import { usage } from '../terminal/exit-codes.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { App } from './app.ts'
import { findModule } from './find-module.ts'
import { loadModule } from './load-module.ts'
import { openUrl } from './open-url.ts'

/** The source of the tokens, by options. */
export interface SourceOptions {
  readonly tokens?: string
  readonly redisUrl?: string
  readonly databaseUrl?: string
  readonly prefix?: string
  /** False for `--no-audit`. */
  readonly audit: boolean
}

/**
 * Opens the tokens of the app: its module first, and only without one a store by its URL.
 *
 * @param changes Whether the command changes something. Without the module, no audit learns of it, and that must be said.
 * @throws Exit
 */
export async function openApp(options: SourceOptions, terminal: Terminal, changes: boolean): Promise<App> {
  const url = options.redisUrl ?? options.databaseUrl
  const file = options.tokens === undefined && url !== undefined ? null : findModule(options.tokens, terminal)
  if (file !== null) return loadModule(file)
  const { REDIS_URL, DATABASE_URL, TESSERA_PREFIX } = terminal.env
  const found = url ?? (REDIS_URL || DATABASE_URL)
  const prefix = options.prefix ?? TESSERA_PREFIX
  if (found === undefined || found === '')
    throw usage(
      'no tokens: name the module that exports them by --tokens ./tokens.js, or a store by --redis-url or --database-url',
    )
  if (prefix === undefined || prefix === '')
    throw usage('--prefix is needed with a URL: the start of the secrets, such as acme_pat')
  if (changes && options.audit)
    throw usage(
      'without the module of your app, its audit does not learn of this change: give --tokens, or say --no-audit',
    )
  return openUrl(found, prefix, terminal.cwd)
}
