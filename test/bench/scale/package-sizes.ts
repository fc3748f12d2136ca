import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { minifiedAlone, minifiedWhole } from '../../support/minified.ts'
import type { Table } from '../harness/text.ts'

interface Packed {
  readonly name: string
  readonly size: number
  readonly unpackedSize: number
}

/** What each package weighs: as it is downloaded, as it is installed, and in a bundle. In bytes. */
export function packageSizes(): Table {
  const names = readdirSync('packages')
  const args = ['pack', '--dry-run', '--json', '--silent', ...names.map((name) => `./packages/${name}`)]
  const packed = JSON.parse(
    execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as Packed[]
  const rows = names.map((folder, index) => {
    const { name = folder, size = 0, unpackedSize = 0 } = packed[index] ?? {}
    const whole = minifiedWhole(folder)
    return [name, size, unpackedSize, minifiedAlone(folder).length, whole.length, gzipSync(whole).length]
  })
  return {
    name: 'Scale: size of the packages, bytes',
    columns: ['package', 'packed', 'installed', 'minified alone', 'with dependencies', 'the same, gzip'],
    rows,
  }
}
