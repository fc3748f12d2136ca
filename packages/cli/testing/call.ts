import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { run } from '../src/run.ts'
import type { Terminal } from '../src/terminal/terminal.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Around {
  readonly stdin?: string | Uint8Array
  readonly isTTY?: boolean
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What became of the text on stdout; by default all of it is written. */
  readonly written?: Partial<Terminal['written']>
}

/** Runs a command line in this process, without a terminal unless `isTTY`. */
export async function call(argv: readonly string[], around: Around = {}): Promise<Ended> {
  const { stdin = '', isTTY = false, columns = 80, env = {}, cwd = process.cwd(), written } = around
  const text = { stdout: '', stderr: '' }
  const output = (name: keyof typeof text) => ({
    isTTY,
    columns,
    write: (more: string) => ((text[name] += more), true),
  })
  const code = await run(argv, {
    stdin: Object.assign(Readable.from(stdin.length === 0 ? [] : [stdin]), { isTTY }),
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
    cwd,
    interrupted: new AbortController().signal,
    written: { closed: new AbortController().signal, flushed: async () => null, ...written },
  })
  return { code, ...text }
}

/** The folder of an app whose module exports its tokens, on a memory store with an audit. */
export interface AppFolder {
  readonly cwd: string
  /** What the audit of the app learned: types and who. */
  audit(): readonly string[]
  remove(): void
}

const noted: Record<string, string[]> = Object.create(null)
Reflect.set(globalThis, Symbol.for('tessera.cli.test'), noted)

/** @param options Code of more options of `createTokens`. */
export function appFolder(options = "scopes: ['jobs:read', 'jobs:write']"): AppFolder {
  // Below the package, so that its module finds ours as an app's would.
  const cwd = mkdtempSync(join(import.meta.dirname, '.app-'))
  const events: string[] = (noted[cwd] = [])
  writeFileSync(
    join(cwd, 'tokens.js'),
    `import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
const events = globalThis[Symbol.for('tessera.cli.test')]?.[${JSON.stringify(cwd)}] ?? []
const onEvent = ({ type, by }) => void events.push(type + ' ' + by)
export const store = memoryStore()
export const tokens = createTokens({ store, prefix: 'acme_pat', onEvent, ${options} })
`,
  )
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module", "tessera": { "tokens": "./tokens.js" } }')
  return { cwd, audit: () => events, remove: () => rmSync(cwd, { recursive: true }) }
}
