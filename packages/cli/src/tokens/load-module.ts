import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { hasMethods } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { usage } from '../terminal/exit-codes.ts'
import { lineOf } from '../terminal/line-of.ts'
import type { App } from './app.ts'

const EXPORTS = 'export `tokens`, the result of createTokens, and `close`, which lets the process end'

/**
 * Loads the module of the app. So prefix, pepper, ids and the audit are the app's.
 *
 * @throws Exit for a module that is not there, cannot be loaded, or exports no tokens
 */
export async function loadModule(file: string): Promise<App> {
  if (!existsSync(file)) throw usage(`there is no module ${file}; ${EXPORTS}`)
  const { tokens, store, close, migrate } = await importModule(file)
  const found = await called(file, tokens)
  if (!hasMethods(found, ['issue', 'verify', 'list', 'revoke', 'close']))
    throw usage(`${file} exports no tokens: ${EXPORTS}`)
  const own = found as Tokens
  return {
    tokens: own,
    store: typeof store === 'object' ? store : null,
    hasAudit: true,
    from: file,
    migrate: typeof migrate === 'function' ? async (dryRun) => String((await migrate({ dryRun })) ?? 'migrated') : null,
    async close() {
      await own.close()
      if (typeof close === 'function') await close()
    },
  }
}

/** `tokens` may be a function that makes them. */
async function called(file: string, tokens: unknown): Promise<unknown> {
  try {
    return await (typeof tokens === 'function' ? tokens() : tokens)
  } catch (error) {
    throw usage(`the tokens of ${file} cannot be made: ${lineOf(error)}`)
  }
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw usage(
        `this Node cannot load ${file}: run npx tsx node_modules/@tessera/cli/dist/main.js …, or name the compiled file`,
      )
    throw usage(`${file} cannot be loaded: ${lineOf(error)}`)
  }
}
