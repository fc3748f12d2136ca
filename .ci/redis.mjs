import { spawnSync } from 'node:child_process'
import { canInstall, install } from './debian.mjs'
import { fail } from './say.mjs'

const oldestMajor = 7

/** Makes sure that the tests can start `redis-server`, and installs Debian's where it can. Ends the process where it cannot. */
export function provideRedis() {
  if (isInstalled()) return
  if (canInstall()) install('redis-server')
  if (isInstalled()) return
  fail(
    `the tests start redis-server ${oldestMajor}.0 or later, and the PATH has none.`,
    'Install it, e.g. with `apt-get install redis-server` or `brew install redis`, and run this again.',
  )
}

function isInstalled() {
  const { status, stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })
  return status === 0 && Number(/ v=(\d+)/.exec(stdout)?.[1]) >= oldestMajor
}
