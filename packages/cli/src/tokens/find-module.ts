import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Terminal } from '../terminal/terminal.ts'

/** The app's module with its tokens: by flag, by environment, or by the nearest package.json. `null` for none. */
export function findModule(flag: string | undefined, { env, cwd }: Pick<Terminal, 'env' | 'cwd'>): string | null {
  const named = flag ?? (env['TESSERA_TOKENS'] || undefined)
  if (named !== undefined) return resolve(cwd, named)
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const path = pathIn(readFileSync(manifest, 'utf8'))
      return path === null ? null : resolve(folder, path)
    }
    if (dirname(folder) === folder) return null
  }
}

/** `"tessera": { "tokens": "./tokens.js" }` */
function pathIn(manifest: string): string | null {
  try {
    const path: unknown = JSON.parse(manifest)?.tessera?.tokens
    return typeof path === 'string' ? path : null
  } catch {
    return null
  }
}
