import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const packagesFolder = join(import.meta.dirname, '../packages')
const packages = readdirSync(packagesFolder)

/** The packages that a package may import; a new kind of package gets its line here. */
function arrowsFrom(name: string): string[] {
  if (name === 'core') return []
  if (name === 'express' || name === 'access-jwt') return ['core', 'http']
  if (name === 'http' || name.startsWith('store-') || name.endsWith('-store')) return ['core']
  throw new Error(`packages/${name} has no rule about what it may import`)
}

/** Every module a source names. Statements start their line, as the formatter has it; prose in comments does not. */
function importsOf(source: string): string[] {
  const statements = /^(?:import|export)\b[^'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm
  const calls = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g
  return [...source.matchAll(statements), ...source.matchAll(calls)].map((match) => match[1] ?? match[2] ?? '')
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(packagesFolder, name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }

function sourcesOf(name: string): { file: string; imports: string[] }[] {
  const folder = join(packagesFolder, name, 'src')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, imports: importsOf(readFileSync(join(folder, file), 'utf8')) }))
}

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
    ].join('\n')
    expect(importsOf(source).toSorted()).toEqual(['./four.ts', 'five/sub', 'one', 'six', 'three', 'two'])
  })
})

describe.each(packages)('packages/%s', (name) => {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(name)
  const declared = { ...dependencies, ...peerDependencies }
  const arrows = arrowsFrom(name).map((target) => `@tessera/${target}`)
  const sources = sourcesOf(name)
  const imports = sources.flatMap(({ file, imports }) => imports.map((specifier) => ({ file, specifier })))
  const bare = imports.filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))

  it('has sources', () => {
    expect(sources).not.toEqual([])
  })

  it('imports other packages of ours only along its arrows', () => {
    const ours = bare.filter(({ specifier }) => specifier.startsWith('@tessera/'))
    expect(ours.filter(({ specifier }) => !arrows.includes(specifier))).toEqual([])
    expect(Object.keys(declared).filter((key) => key.startsWith('@tessera/') && !arrows.includes(key))).toEqual([])
  })

  it('declares what it imports, and writes node: before what is built in', () => {
    expect(bare.filter(({ specifier }) => !(packageOf(specifier) in declared))).toEqual([])
    expect(bare.filter(({ specifier }) => isBuiltin(specifier))).toEqual([])
  })

  it('never reaches into another folder by a relative path', () => {
    const leaves = ({ file, specifier }: { file: string; specifier: string }) =>
      specifier.startsWith('.') && relative('.', join(dirname(file), specifier)).startsWith('..')
    expect(imports.filter(leaves)).toEqual([])
  })
})

describe.each(['core', 'http'])('packages/%s', (name) => {
  it('depends on nothing but its arrows', () => {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name)
    const arrows = arrowsFrom(name).map((target) => `@tessera/${target}`)
    expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(arrows)
  })
})
