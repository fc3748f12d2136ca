import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Table } from '../harness/text.ts'

interface Packed {
  readonly name: string
  readonly size: number
  readonly unpackedSize: number
}

/** What each package weighs: as it is downloaded, as it is installed, and in a bundle. In bytes. */
export async function packageSizes(): Promise<Table> {
  const folders = readdirSync('packages').map((folder) => join('packages', folder))
  const paths = folders.map((folder) => `./${folder}`)
  const args = ['pack', '--dry-run', '--json', '--silent', ...paths]
  const packed = JSON.parse(
    execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as Packed[]
  const rows: (string | number)[][] = []
  for (const [index, folder] of folders.entries()) {
    const { name = folder, size = 0, unpackedSize = 0 } = packed[index] ?? {}
    const [alone, whole] = [await minified(folder, ['*']), await minified(folder, peersOf(folder))]
    rows.push([name, size, unpackedSize, alone.length, whole.length, gzipSync(whole).length])
  }
  return {
    name: 'Scale: size of the packages, bytes',
    columns: ['package', 'packed', 'installed', 'minified alone', 'with dependencies', 'the same, gzip'],
    rows,
  }
}

function peersOf(folder: string): string[] {
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    peerDependencies?: Record<string, string>
  }
  return Object.keys(peerDependencies)
}

/** @param external What stays an import; `*` for every other package. */
async function minified(folder: string, external: readonly string[]): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'dist', 'index.js')],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    ...(external.includes('*') ? { packages: 'external' } : { external: [...external] }),
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`nothing was bundled for ${folder}`)
  return file.contents
}
