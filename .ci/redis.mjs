import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

const policy = '/usr/sbin/policy-rc.d'

const oldestMajor = 7

/** Makes sure that the tests can start `redis-server`, and installs Debian's where it can. Ends the process where it cannot. */
export function provideRedis() {
  if (isInstalled()) return
  if (canInstall()) install()
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

function canInstall() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

function install() {
  say('installing redis-server with apt-get, for the tests')
  aptGet('update')
  withoutServices(() => aptGet('install', '--yes', '--no-install-recommends', 'redis-server'))
}

/** @param {string[]} args */
function aptGet(...args) {
  spawnSync('apt-get', ['--quiet', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 2, 2],
  })
}

/**
 * Keeps packages from starting their service: the tests start servers of their own.
 *
 * @param {() => void} work
 * @see https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
function withoutServices(work) {
  if (existsSync(policy)) return work()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    work()
  } finally {
    rmSync(policy)
  }
}

/** @param {string} what */
function say(what) {
  process.stderr.write(`tessera: ${what}\n`)
}

/**
 * @param {string[]} lines
 * @returns {never}
 */
function fail(...lines) {
  say(lines.join('\n         '))
  process.exit(1)
}
