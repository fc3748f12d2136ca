import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import { climbs, crowded, readFloors, unlisted } from './floors.ts'
import { filesBelow, packages, sourcesBelow } from './sources.ts'

const README = `# Layout

| floor | folder | what belongs in it |
| --- | --- | --- |
| 1 | \`ground/\` | what everybody stands on |
| 2 | \`first/left/\` | one half |
| 2 | \`first/right/\` | the other half |
`

describe('readFloors', () => {
  it('reads a folder, its floor and its line from each row', () => {
    expect(readFloors(README)).toEqual([
      { level: 1, folder: 'ground', line: 'what everybody stands on' },
      { level: 2, folder: 'first/left', line: 'one half' },
      { level: 2, folder: 'first/right', line: 'the other half' },
    ])
  })

  it('reads a table without floors, and no row without a line', () => {
    const rows = '| folder | what belongs in it |\n| --- | --- |\n| `abuse/` | what may be tried |\n| `other/` |  |\n'
    expect(readFloors(rows)).toEqual([{ level: null, folder: 'abuse', line: 'what may be tried' }])
  })
})

describe('climbs', () => {
  const from = (file: string, ...imports: string[]) => climbs([{ file, imports }], readFloors(README))

  it('lets a source import what is beside it and what is below it', () => {
    expect(from('first/left/a.ts', './b.ts', '../../ground/c.ts', 'node:fs')).toEqual([])
    expect(from('index.ts', './first/left/a.ts', './other.ts', './ground/c.ts')).toEqual([])
  })

  it('finds an import that leads up', () => {
    expect(from('ground/c.ts', '../first/left/a.ts')).toEqual(['ground/c.ts imports first/left/a.ts'])
    expect(from('ground/c.ts', '../index.ts')).toEqual(['ground/c.ts imports index.ts'])
  })

  it('finds an import from the same floor', () => {
    expect(from('first/left/a.ts', '../right/b.ts')).toEqual(['first/left/a.ts imports first/right/b.ts'])
  })
})

describe('crowded', () => {
  it('finds a folder with more than 15 sources', () => {
    const sources = (count: number) => Array.from({ length: count }, (_, number) => `a/${number}.ts`)
    const found = (count: number) => crowded(sources(count).map((file) => ({ file, imports: [] })))
    expect(found(15)).toEqual([])
    expect(found(16)).toEqual(['a: 16 sources'])
  })
})

describe('unlisted', () => {
  it('finds a folder without a line, and a line without a folder', () => {
    const files = ['index.ts', 'ground/c.ts', 'first/left/a.ts', 'attic/d.ts']
    expect(unlisted(files, readFloors(README))).toEqual(['attic/ has no line', 'first/right/ is not there'])
  })
})

const folders = packages.flatMap((name) => [`packages/${name}/src`, `packages/${name}/testing`])

describe.each([...folders.filter((folder) => existsSync(join(root, folder))), 'test'])('%s', (folder) => {
  const files = filesBelow(folder).filter((file) => file.endsWith('.ts'))
  const sources = sourcesBelow(folder)
  const readme = join(root, folder, 'README.md')
  const floors = existsSync(readme) ? readFloors(readFileSync(readme, 'utf8')) : []

  it('says of each folder what belongs in it', () => {
    expect(unlisted(files, floors)).toEqual([])
  })

  it('has no folder with too many sources', () => {
    expect(crowded(sources)).toEqual([])
  })

  // What is shared by tests has an order only where its README gives one.
  it('imports from lower floors only', () => {
    const ordered = floors.some(({ level }) => level !== null) || folder.endsWith('/src')
    expect(ordered ? climbs(sources, floors) : []).toEqual([])
  })
})
