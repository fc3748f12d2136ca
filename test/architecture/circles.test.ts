import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import { circlesIn } from './circles.ts'
import { packages, sourcesBelow } from './sources.ts'

describe('circlesIn', () => {
  it('finds two files that name each other, and a longer way round', () => {
    const sources = [
      { file: 'index.ts', imports: ['./a.ts', './deep/b.ts'] },
      { file: 'a.ts', imports: ['./deep/b.ts'] },
      { file: 'deep/b.ts', imports: ['../c.ts', '../d.ts'] },
      { file: 'c.ts', imports: ['./a.ts'] },
      { file: 'd.ts', imports: ['./deep/b.ts'] },
    ]
    expect(circlesIn(sources)).toEqual([
      ['a.ts', 'deep/b.ts', 'c.ts', 'a.ts'],
      ['deep/b.ts', 'd.ts', 'deep/b.ts'],
    ])
  })

  it('finds none where two ways lead to one file', () => {
    const sources = [
      { file: 'a.ts', imports: ['./b.ts', './c.ts'] },
      { file: 'b.ts', imports: ['./d.ts'] },
      { file: 'c.ts', imports: ['./d.ts', 'node:fs', '@tessera/core'] },
      { file: 'd.ts', imports: [] },
    ]
    expect(circlesIn(sources)).toEqual([])
  })
})

const folders = packages.flatMap((name) => [`packages/${name}/src`, `packages/${name}/testing`])

describe.each([
  ...folders.filter((folder) => existsSync(join(root, folder))),
  'test',
  'examples/four-apis/src',
  'examples/saas/src',
])('%s', (folder) => {
  it('has no circle of imports, types included', () => {
    expect(circlesIn(sourcesBelow(folder))).toEqual([])
  })
})
