import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { say } from './say.mjs'

const policy = '/usr/sbin/policy-rc.d'

/** Whether packages can be installed without asking anybody: as root, where there is apt-get. */
export function canInstall() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

/** @param {string[]} packages */
export function install(...packages) {
  say(`installing ${packages.join(' and ')} with apt-get, for the tests`)
  aptGet('update')
  withoutServices(() => aptGet('install', '--yes', '--no-install-recommends', ...packages))
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
