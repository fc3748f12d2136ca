import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const OLDEST_MAJOR = 15
// Debian leaves what only a server's administrator calls off the PATH.
const DEBIAN = '/usr/lib/postgresql'
const PROGRAMS = ['initdb', 'postgres', 'pg_basebackup']

/**
 * Where the programs of PostgreSQL are.
 *
 * @returns {string | null} A folder, or `null` if there is none or the version is too old.
 */
export function postgresFolder() {
  const majors = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const newestFirst = majors.toSorted((one, other) => other - one).map((major) => join(DEBIAN, String(major), 'bin'))
  const complete = [...newestFirst, ...pathFolders()].filter((folder) =>
    PROGRAMS.every((name) => existsSync(join(folder, name))),
  )
  return complete.find((folder) => majorOf(folder) >= OLDEST_MAJOR) ?? null
}

/** @returns {string | null} The path of the program. */
export function pgbouncerProgram() {
  const folders = [...pathFolders(), '/usr/sbin', '/opt/homebrew/bin']
  return folders.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file)) ?? null
}

/** @param {string} folder */
function majorOf(folder) {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1])
}

function pathFolders() {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
}
