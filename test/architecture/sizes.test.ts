import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { minifiedAlone, minifiedWhole } from '../support/minified.ts'
import { root } from '../support/run-process.ts'

const document = readFileSync(join(root, 'docs/sizes.md'), 'utf8')
const rows = document.matchAll(/^\| `@tessera\/([\w-]+)` \| (\d+) kB \| (\d+) kB \|$/gm)
const bounds = new Map(
  [...rows].map(([, name = '', alone, whole]) => [name, { alone: Number(alone), whole: Number(whole) }]),
)

/** The size in kB, and whether a bound fits: no smaller, and not so large that it bounds nothing. */
function held(bytes: Uint8Array, bound: number): string {
  const size = Math.ceil(bytes.length / 1000)
  return size <= bound && size > bound * 0.7 ? `${bound} kB` : `${size} kB, and not ${bound} kB`
}

function rowOf(name: string): string {
  const sizes = [minifiedAlone(name), gzipSync(minifiedWhole(name))]
  return `| \`@tessera/${name}\` | ${sizes.map((bytes) => `${Math.ceil(bytes.length / 800)} kB`).join(' | ')} |`
}

describe('docs/sizes.md', () => {
  it('has a row for each package', () => {
    const names = readdirSync(join(root, 'packages'))
    expect([...bounds.keys()].filter((name) => !names.includes(name))).toEqual([])
    expect(names.filter((name) => !bounds.has(name)).map(rowOf), 'these rows are missing').toEqual([])
  })

  it.each([...bounds])('bounds the size of @tessera/%s', (name, { alone, whole }) => {
    expect(held(minifiedAlone(name), alone)).toBe(`${alone} kB`)
    expect(held(gzipSync(minifiedWhole(name)), whole)).toBe(`${whole} kB`)
  })
})
