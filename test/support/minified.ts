import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * A package of ours as one minified file for Node, without any other package: those stay imports. The working directory is
 * the root of the repository.
 */
export function minifiedAlone(name: string): Uint8Array {
  return minified(name, { packages: 'external' })
}

/** The same with its dependencies, but for its peers. */
export function minifiedWhole(name: string): Uint8Array {
  const manifest = readFileSync(join('packages', name, 'package.json'), 'utf8')
  const { peerDependencies = {} } = JSON.parse(manifest) as { peerDependencies?: Record<string, string> }
  return minified(name, { external: Object.keys(peerDependencies) })
}

function minified(name: string, apart: { packages?: 'external'; external?: string[] }): Uint8Array {
  const entry = join('packages', name, 'dist', 'index.js')
  const format = { bundle: true, minify: true, platform: 'node', format: 'esm', logLevel: 'error' } as const
  const { outputFiles } = buildSync({ entryPoints: [entry], write: false, ...format, ...apart })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`nothing was bundled for ${name}`)
  return file.contents
}
