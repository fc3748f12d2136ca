import { describe, expect, it } from 'vitest'
import { filesNamedBy, importsOf, packages, sourcesBelow } from './sources.ts'

describe('importsOf', () => {
  it('finds every form of import and nothing in comments', () => {
    const source = [
      `import { a } from 'one'`,
      `import type {\n  B,\n} from "two"`,
      `import 'three'`,
      `export { c } from './four.ts'`,
      `export * from 'five/sub'`,
      `/**\n * import { x } from 'not this'\n */`,
      `export const load = () => import('six')`,
      `let seven: import('seven').Type`,
    ].join('\n')
    expect(importsOf(source).toSorted()).toEqual(['./four.ts', 'five/sub', 'one', 'seven', 'six', 'three', 'two'])
  })
})

describe('filesNamedBy', () => {
  it('goes out from the folder of the source', () => {
    const imports = ['./beside.ts', '../below/other.ts', '../../index.ts', 'node:fs', '@tessera/core']
    const named = ['a/b/beside.ts', 'a/below/other.ts', 'index.ts']
    expect(filesNamedBy({ file: 'a/b/source.ts', imports })).toEqual(named)
  })
})

describe('sourcesBelow', () => {
  it.each(packages)('finds every file that the sources of packages/%s name', (name) => {
    const sources = sourcesBelow(`packages/${name}/src`)
    const files = sources.map(({ file }) => file)
    expect(files).toContain('index.ts')
    expect(sources.flatMap(filesNamedBy).filter((file) => !files.includes(file))).toEqual([])
  })
})
