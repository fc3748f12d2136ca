import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPacked } from './check-packages.mjs'
import { packAll } from './pack.mjs'
import { writeBills } from './sbom.mjs'
import { fail } from './say.mjs'
import { root, setUp } from './setup.mjs'

const isDry = process.argv.includes('--dry-run')
const unknown = process.argv.slice(2).filter((argument) => argument !== '--dry-run')
if (unknown.length > 0) fail(`no such option: ${unknown.join(', ')}; there is --dry-run`)

setUp()
const changed = git('status', '--porcelain')
if (!isDry && changed !== '') fail('what is published must be committed; this is not:', ...changed.split('\n'))

const folder = mkdtempSync(join(tmpdir(), 'tessera-release-'))
try {
  const packed = packAll(folder)
  if (!checkPacked(packed)) fail('nothing was published: the faults of the packages stand above.')
  const faults = faultsOf(packed)
  if (faults.length > 0) fail('nothing was published:', ...faults)
  const bills = join(root, 'sbom')
  rmSync(bills, { recursive: true, force: true })
  mkdirSync(bills)
  process.stdout.write(`${(await writeBills(bills)).length} bills of materials are in ${bills}\n`)
  for (const { name, version, tarball } of packed) {
    const size = `${Math.ceil(statSync(tarball).size / 1024)} kB`
    process.stdout.write(
      `${name}@${version}  ${size}  public, latest, with provenance of ${git('rev-parse', 'HEAD')}\n`,
    )
  }
  if (isDry) process.stdout.write('dry run: nothing was published\n')
  else for (const each of packed) publish(each)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * What a person forgets: the heading of the version in the changelog, and one version for all.
 *
 * @param {{ name: string, version: string }[]} packed
 */
function faultsOf(packed) {
  const versions = new Set(packed.map(({ version }) => version))
  const [version = ''] = versions
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm')
  const isNoted = heading.test(changelog) || (isDry && changelog.includes(`To be released as ${version}.`))
  return [
    ...(versions.size === 1 ? [] : [`all packages have one version, and these have ${[...versions].join(', ')}`]),
    ...(isNoted ? [] : [`CHANGELOG.md has no heading \`## [${version}] - <date>\``]),
  ]
}

/**
 * What the registry has already is passed over, so that a release that was broken off can be repeated.
 *
 * @param {{ name: string, version: string, tarball: string }} packed
 */
function publish({ name, version, tarball }) {
  if (npm('view', `${name}@${version}`, 'version').stdout.trim() === version) return
  const { status, stderr } = npm('publish', tarball)
  if (status !== 0) fail(`${name}@${version} was not published:`, stderr.trim())
  process.stdout.write(`published ${name}@${version}\n`)
}

/** @param {string[]} args */
function npm(...args) {
  return spawnSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
}

/** @param {string[]} args */
function git(...args) {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
}
