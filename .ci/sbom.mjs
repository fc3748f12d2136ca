import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Contrib, Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { pnpm } from './pnpm.mjs'
import { root } from './setup.mjs'

/**
 * @typedef {{ name?: string, version: string, path: string, resolved?: string, dependencies?: Record<string, Listed> }} Listed
 */

const { Builders, Factories, Utils } = Contrib.FromNodePackageJson
const licenses = new Contrib.License.Factories.LicenseFactory(() => true)
const builder = new Builders.ComponentBuilder(new Factories.ExternalReferenceFactory(), licenses)
const validator = new Validation.JsonStrictValidator(Spec.Spec1dot6.version)
const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))

/**
 * Writes a bill of materials (CycloneDX 1.6) for each package: what an installation of it brings along, by the lockfile. It
 * asks no registry. Frameworks and drivers are peers, and so the app's own.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} the files
 */
export async function writeBills(folder) {
  const args = [
    'list',
    '--recursive',
    '--filter=./packages/*',
    '--prod',
    '--depth=Infinity',
    '--lockfile-only',
    '--json',
  ]
  const { status, stdout, stderr } = pnpm(args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`pnpm list failed: ${String(stderr)}`)
  const integrity = integrityByPackage()
  const files = []
  for (const listed of /** @type {Listed[]} */ (JSON.parse(String(stdout)))) {
    const text = serializer.serialize(billOf(listed, integrity), { sortLists: true, space: 2 })
    const fault = await validator.validate(text)
    if (fault !== null) throw new Error(`the bill of ${listed.name} is not valid: ${JSON.stringify(fault)}`)
    const file = join(folder, `${(listed.name ?? '').slice(1).replace('/', '-')}-${listed.version}.cdx.json`)
    writeFileSync(file, `${text}\n`)
    files.push(file)
  }
  return files
}

/**
 * @param {Listed} listed
 * @param {ReadonlyMap<string, string>} integrity
 */
function billOf(listed, integrity) {
  const bom = new Models.Bom()
  /** @type {Map<string, Models.Component>} */
  const known = new Map()

  /** @param {Listed} each */
  function componentOf({ path, dependencies = {} }) {
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const key = `${manifest.name}@${manifest.version}`
    const found = known.get(key)
    if (found !== undefined) return found
    const component = builder.makeComponent(manifest, Enums.ComponentType.Library)
    if (component === undefined) throw new Error(`${path} has no name`)
    const purl = `pkg:npm/${manifest.name.replace('@', '%40')}@${manifest.version}`
    component.bomRef.value = purl
    component.purl = purl
    const hash = integrity.get(key)
    if (hash !== undefined) component.hashes.set(...Utils.parsePackageIntegrity(hash))
    known.set(key, component)
    for (const dependency of Object.values(dependencies)) component.dependencies.add(componentOf(dependency).bomRef)
    return component
  }

  const own = componentOf(listed)
  bom.metadata.component = own
  for (const component of known.values()) if (component !== own) bom.components.add(component)
  return bom
}

/** The checksum of each tarball in the lockfile. */
function integrityByPackage() {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  const entry = /^ {2}'?([^\s'(]+@[^\s'(:]+)'?:\n {4}resolution: \{integrity: ([^}]+)\}/gm
  return new Map([...lockfile.matchAll(entry)].map(([, name = '', hash = '']) => [name, hash]))
}
