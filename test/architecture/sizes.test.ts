import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import { minifiedAlone, minifiedWhole } from '../support/minified.ts'

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

describe('docs/sizes.md', () => {
  it('has a row for each package', () => {
    expect([...bounds.keys()].sort()).toEqual(readdirSync(join(root, 'packages')).sort())
  })

  it.each([...bounds])('bounds the size of @tessera/%s', (name, { alone, whole }) => {
    expect(held(minifiedAlone(name), alone)).toBe(`${alone} kB`)
    expect(held(gzipSync(minifiedWhole(name)), whole)).toBe(`${whole} kB`)
  })
})
