import { pgbouncerProgram, postgresFolder } from '../test/postgres/find-programs.mjs'
import { canInstall, install } from './debian.mjs'
import { fail, say } from './say.mjs'

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

function missing() {
  return [...(postgresFolder() === null ? ['PostgreSQL'] : []), ...(pgbouncerProgram() === null ? ['pgbouncer'] : [])]
}
