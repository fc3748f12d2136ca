import { join } from 'node:path'
import { pgbouncerProgram, postgresFolder } from './find-programs.mjs'

const folder = postgresFolder()
const pgbouncer = pgbouncerProgram()

/** Whether this machine can run the tests on PostgreSQL; on CI it always can. */
export const hasPostgres: boolean = folder !== null

/** Whether it can run those behind pgbouncer as well. */
export const hasPgbouncer: boolean = hasPostgres && pgbouncer !== null

/** The path of a program of PostgreSQL, e.g. `initdb`. */
export function postgresProgram(name: string): string {
  if (folder === null) throw new Error('PostgreSQL is not installed')
  return join(folder, name)
}

export function pgbouncerPath(): string {
  if (pgbouncer === null) throw new Error('pgbouncer is not installed')
  return pgbouncer
}

const NOBODY = 65_534

/** Who runs the servers: this process's own user, or nobody, since PostgreSQL refuses root. */
export const serverUser: { readonly uid: number; readonly gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined
