import { spawnSync } from 'node:child_process'
import { canInstall, install } from './debian.mjs'
import { fail, say } from './say.mjs'

/**
 * Makes sure that the rules for scanners can be tried on Hyperscan, and installs Debian's where it can. Where it cannot, those
 * tests are skipped, and the end of the output says so; on CI this ends the process.
 */
export function provideHyperscan() {
  if (!isThere() && canInstall()) install('libhyperscan5', 'python3')
  if (isThere()) return
  if (process.env['CI']) fail('Hyperscan could not be installed, and on CI every test must run.')
  process.once('exit', () => say('not run, as no Hyperscan is installed: the rules for scanners on it.'))
}

function isThere() {
  const program = 'import ctypes; ctypes.CDLL("libhs.so.5")'
  return spawnSync('python3', ['-c', program], { stdio: 'ignore' }).status === 0
}
