import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { canInstall, install } from './debian.mjs'
import { fail, say } from './say.mjs'

const oldestMajor = 15
// Debian leaves what only a server's administrator calls off the PATH.
const debian = '/usr/lib/postgresql'
const programs = ['initdb', 'postgres', 'pg_basebackup']

/**
 * Makes sure that the tests can start PostgreSQL and pgbouncer, and installs Debian's where it can. Where it cannot, the tests
 * that need them are skipped, and the end of the output says so; on CI this ends the process.
 */
export function providePostgres() {
  if (missing().length > 0 && canInstall()) install('postgresql', 'pgbouncer')
  const names = missing().join(' and ')
  if (names === '') return
  if (process.env['CI']) fail(`${names} could not be installed, and on CI every test must run.`)
  process.once('exit', () =>
    say(`not run, as they are not installed: the tests on ${names}. PGlite and SQLite stood in.`),
  )
}

/**
 * Where the programs of PostgreSQL are.
 *
 * @returns {string | null} A folder, or `null` where the version is too old or there is none.
 */
export function postgresFolder() {
  const majors = existsSync(debian) ? readdirSync(debian).map(Number) : []
  const newestFirst = majors.toSorted((one, other) => other - one).map((major) => join(debian, String(major), 'bin'))
  const complete = [...newestFirst, ...pathFolders()].filter((folder) =>
    programs.every((name) => existsSync(join(folder, name))),
  )
  return complete.find((folder) => majorOf(folder) >= oldestMajor) ?? null
}

/** @param {string} folder */
function majorOf(folder) {
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1])
}

/** @returns {string | null} The path of the program. */
export function pgbouncerProgram() {
  const folders = [...pathFolders(), '/usr/sbin', '/opt/homebrew/bin']
  return folders.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file)) ?? null
}

function missing() {
  return [...(postgresFolder() === null ? ['PostgreSQL'] : []), ...(pgbouncerProgram() === null ? ['pgbouncer'] : [])]
}

function pathFolders() {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
}
