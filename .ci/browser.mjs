import { browserProgram } from '../test/browser/find-browser.mjs'
import { canInstall, install } from './debian.mjs'
import { fail, say } from './say.mjs'

/**
 * Makes sure that the tests can drive a browser, and installs Debian's Chromium where it can. Where it cannot, the tests of the
 * page are skipped, and the end of the output says so; on CI this ends the process.
 */
export function provideBrowser() {
  if (browserProgram() === null && canInstall()) install('chromium', 'fonts-dejavu-core')
  if (browserProgram() !== null) return
  if (process.env['CI']) fail('Chromium could not be installed, and on CI every test must run.')
  process.once('exit', () => say('not run, as no Chromium is installed: the tests of the token page in a browser.'))
}
