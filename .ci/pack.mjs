import { pnpm } from './pnpm.mjs'
import { root } from './setup.mjs'

/**
 * Packs every package as it would be published.
 *
 * @param {string} destination An absolute folder for the tarballs.
 * @returns {{ name: string, tarball: string }[]}
 */
export function packAll(destination) {
  const args = ['--recursive', '--filter=./packages/*', 'pack', '--json', '--pack-destination', destination]
  const { status, error, stdout, stderr } = pnpm(args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`pnpm pack failed: ${error?.message ?? String(stderr) + String(stdout)}`)
  /** @type {{ name: string, filename: string }[]} */
  const packed = JSON.parse(String(stdout))
  return packed.map(({ name, filename }) => ({ name, tarball: filename }))
}
