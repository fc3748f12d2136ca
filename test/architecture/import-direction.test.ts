import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import { filesNamedBy, packages, sourcesBelow } from './sources.ts'

/** The packages that a package may import; a new kind of package gets its line here. */
function arrowsFrom(name: string): string[] {
  if (name === 'core' || name === 'client') return []
  if (name === 'express' || name === 'fastify' || name === 'fetch' || name === 'access-jwt') return ['core', 'http']
  if (name === 'openapi' || name === 'token-page' || name === 'leaks') return ['core', 'http']
  if (name === 'adapter-conformance') return ['core', 'http', 'memory-store']
  if (name === 'cli') return ['core', 'leaks', 'import']
  if (name === 'opentelemetry') return ['core']
  if (name === 'import' || name === 'http' || name.startsWith('store-') || name.endsWith('-store')) return ['core']
  throw new Error(`packages/${name} has no rule about what it may import`)
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }

describe.each(packages)('packages/%s', (name) => {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(name)
  const declared = { ...dependencies, ...peerDependencies }
  const arrows = arrowsFrom(name).map((target) => `@tessera/${target}`)
  const sources = sourcesBelow(`packages/${name}/src`)
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
    expect(sources.flatMap(filesNamedBy).filter((file) => file.startsWith('..'))).toEqual([])
  })
})

describe.each(['core', 'http', 'fetch', 'openapi', 'leaks', 'token-page', 'client'])('packages/%s', (name) => {
  it('depends on nothing but its arrows', () => {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name)
    const arrows = arrowsFrom(name).map((target) => `@tessera/${target}`)
    expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(arrows)
  })
})
