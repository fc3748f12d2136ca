import { createHash } from 'node:crypto'
import { PRIMARY } from './primary.ts'

/** A Lua script, and its SHA-1 as known to Redis. */
export interface Script {
  readonly source: string
  readonly sha: string
}

/**
 * A script that only reads, and only on a primary; see `PRIMARY`. It replies the server's history,
 * then its result.
 */
export interface Reading {
  /** Declared as a write, so Redis itself keeps it off replicas, and holds it back during a failover. */
  readonly guarded: Script
  /** For a server that refuses writes, e.g. since it cannot save them. */
  readonly bare: Script
}

/**
 * The permission of a script in Redis.
 *
 * - `reads`: writes nothing, so it runs even if writes are refused.
 * - `grows`: refused if the memory is full.
 * - `shrinks-or-keeps`: runs even then, since it must not be refused.
 */
type Kind = 'reads' | 'grows' | 'shrinks-or-keeps'

const SHEBANGS: Readonly<Record<Kind, string>> = {
  reads: '#!lua flags=no-writes',
  grows: '#!lua',
  'shrinks-or-keeps': '#!lua flags=allow-oom',
}

const sources = new Map<string, string>()

export function defineScript(kind: Exclude<Kind, 'reads'>, lua: string): Script {
  return define(kind, lua)
}

export function defineReading(lua: string): Reading {
  const checked = `${PRIMARY}local function read()${lua}end\nreturn { history, read() }\n`
  return { guarded: define('shrinks-or-keeps', checked), bare: define('reads', checked) }
}

function define(kind: Kind, lua: string): Script {
  const source = `${SHEBANGS[kind]}\n${lua}`
  const sha = createHash('sha1').update(source).digest('hex')
  sources.set(sha, source)
  return { source, sha }
}

/** The text of the script with this SHA-1; empty if it is none of the store's. */
export function sourceOf(sha: string): string {
  return sources.get(sha) ?? ''
}
