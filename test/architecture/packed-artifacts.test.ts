import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOfUse, useByImport, useByRequire } from '../support/packed-use.ts'
import { root } from '../support/run-process.ts'
import { startScratchProject } from '../support/scratch-project.ts'
import type { ScratchProject } from '../support/scratch-project.ts'
import { HOME, linksIn } from './links.ts'

const folders = readdirSync(join(root, 'packages'))

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  outDir: 'out',
  rootDir: '.',
  types: ['node'],
}

let scratch: ScratchProject

beforeAll(() => {
  scratch = startScratchProject()
  scratch.write('use.mjs', useByImport)
  scratch.write('use.cjs', useByRequire)
  scratch.write('use.mts', useByImport)
  scratch.write('upgrade.mts', readFileSync(join(root, 'test/upgrade/0.1.0/program.mts'), 'utf8'))
  scratch.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.mts', 'upgrade.mts'] }))
  scratch.borrow(join(root, 'test/node_modules'), 'express', '@types/express', '@types/node')
}, 120_000)

afterAll(() => scratch.remove())

describe('the packed packages', () => {
  it('work from ESM', () => {
    expect(JSON.parse(scratch.run(process.execPath, ['use.mjs']))).toEqual(outcomeOfUse)
  })

  it('work from CommonJS', () => {
    expect(JSON.parse(scratch.run(process.execPath, ['use.cjs']))).toEqual(outcomeOfUse)
  })

  it('work from TypeScript, their declarations checked too', () => {
    expect(scratch.run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')])).toBe('')
  })

  it('compile and run a program for 0.1.0 as that release did', () => {
    const printed = readFileSync(join(root, 'test/upgrade/0.1.0/printed.txt'), 'utf8')
    expect(scratch.run(process.execPath, ['out/upgrade.mjs'])).toBe(printed)
  })
})

it('the tarball of packages/postgres-store holds the SQL of its migrations as files too', () => {
  expect(readdirSync(join(scratch.folder, 'node_modules/@tessera/postgres-store/sql'))).toContain('0001.sql')
})

describe.each(folders)('the tarball of packages/%s', (folder) => {
  const at = () => join(scratch.folder, 'node_modules/@tessera', folder)
  const files = () => readdirSync(at(), { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))

  it('holds the build, its sources, a README, the changelog and the license', () => {
    const expected = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'dist/index.js',
      'dist/index.d.ts',
      'src/index.ts',
    ]
    expect(expected.filter((file) => !files().includes(file))).toEqual([])
  })

  it('holds no test, no build record and nothing whose source is gone', () => {
    expect(files().filter((file) => /\.test\.|\.tsbuildinfo$|tsconfig/.test(file))).toEqual([])
    const built = files().filter((file) => file.startsWith('dist/') && file.endsWith('.js'))
    expect(
      built.filter((file) => !existsSync(join(at(), file.replace('dist/', 'src/').replace(/\.js$/, '.ts')))),
    ).toEqual([])
  })

  it('says where it is from, what it runs on, and by which words it is found', () => {
    const manifest = JSON.parse(readFileSync(join(at(), 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      homepage: `${HOME}/tree/main/packages/${folder}#readme`,
      bugs: `${HOME}/issues`,
      repository: { type: 'git', url: `git+${HOME}.git`, directory: `packages/${folder}` },
      engines: { node: '^20.19.0 || >=22.12.0' },
      main: './dist/index.js',
      types: './dist/index.d.ts',
      exports: { './package.json': './package.json' },
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest.keywords).toEqual(expect.arrayContaining(['api-token', 'api-key', 'personal-access-token']))
  })

  it('has a README whose links lead somewhere outside the repository too', () => {
    const links = linksIn(readFileSync(join(at(), 'README.md'), 'utf8'))
    expect(links.filter(({ path }) => path !== '' && !path.startsWith('/'))).toEqual([])
  })

  it('asks only for versions that a registry can answer', () => {
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(at(), 'package.json'), 'utf8'))
    const ranges = Object.values({ ...dependencies, ...peerDependencies })
    expect(ranges.filter((range) => !/^[\^\d]/.test(String(range)))).toEqual([])
  })
})

it('the tarball of packages/core has no dependencies', () => {
  const manifest = JSON.parse(readFileSync(join(scratch.folder, 'node_modules/@tessera/core/package.json'), 'utf8'))
  expect(manifest).not.toHaveProperty('dependencies')
  expect(manifest).not.toHaveProperty('peerDependencies')
})
