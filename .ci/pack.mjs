import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { root } from './setup.mjs'

/**
 * Packs every package as it would be published.
 *
 * @param {string} destination An absolute folder for the tarballs.
 * @returns {{ name: string, version: string, tarball: string }[]}
 */
export function packAll(destination) {
  const args = ['--recursive', '--filter=./packages/*', 'pack', '--pack-destination', destination]
  const { status, error, stdout, stderr } = pnpm(args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`pnpm pack failed: ${error?.message ?? String(stderr) + String(stdout)}`)
  const packages = join(root, 'packages')
  return readdirSync(packages).map((folder) => {
    /** @type {{ name: string, version: string }} */
    const { name, version } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'))
    return { name, version, tarball: join(destination, `${name.slice(1).replace('/', '-')}-${version}.tgz`) }
  })
}
