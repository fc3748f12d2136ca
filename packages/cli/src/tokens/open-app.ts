import { isPrefix } from '@tessera/core'
import { inTime } from '../terminal/deadline.ts'
import { usage } from '../terminal/exit-codes.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { App } from './app.ts'
import { boundApp } from './bound-app.ts'
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
  readonly timeout?: string
}

export interface Opening {
  /** Whether the command changes something. Without the module, no audit learns of it, and that must be said. */
  readonly changes: boolean
  readonly timeoutMs: number
}

/**
 * Opens the tokens of the app: its module first, and only without one a store by its URL.
 *
 * Two sources are refused: the command would work on one, and its caller may mean the other.
 *
 * @throws Exit
 */
export async function openApp(options: SourceOptions, terminal: Terminal, how: Opening): Promise<App> {
  const open = inTime(openSource(options, terminal, how), how.timeoutMs, () =>
    usage(`the tokens are not there after ${how.timeoutMs / 1_000} s: the module never ends to load; see --timeout`),
  )
  return boundApp(await open, how.timeoutMs)
}

async function openSource(options: SourceOptions, terminal: Terminal, { changes }: Opening): Promise<App> {
  refuseTwo(options)
  const url = options.redisUrl ?? options.databaseUrl
  const file = url === undefined ? findModule(options.tokens, terminal) : null
  if (file !== null) {
    if (options.prefix !== undefined) throw usage(`--prefix is for a URL: the tokens of ${file} have their own`)
    return loadModule(file)
  }
  const found = url ?? urlIn(terminal)
  const prefix = options.prefix ?? terminal.env['TESSERA_PREFIX']
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
  if (!isPrefix(prefix)) throw usage('--prefix must be the start of the secrets, such as acme_pat')
  return openUrl(found, prefix, terminal.cwd)
}

function refuseTwo({ tokens, redisUrl, databaseUrl }: SourceOptions): void {
  const given = Object.entries({ '--tokens': tokens, '--redis-url': redisUrl, '--database-url': databaseUrl })
    .filter(([, value]) => value !== undefined)
    .map(([flag]) => flag)
  if (given.length > 1) throw usage(`${given.join(' and ')} name two sources: give one`)
}

function urlIn({ env: { REDIS_URL, DATABASE_URL } }: Terminal): string | undefined {
  if (REDIS_URL && DATABASE_URL)
    throw usage('REDIS_URL and DATABASE_URL name two stores: name the one by --redis-url or --database-url')
  return REDIS_URL || DATABASE_URL
}
