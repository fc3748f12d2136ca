import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packAll } from '../../.ci/pack.mjs'
import { cleanEnv } from '../../.ci/pnpm.mjs'
import { HOME, linksIn } from './links.ts'

const root = join(import.meta.dirname, '../..')
const folders = readdirSync(join(root, 'packages'))
const scratch = mkdtempSync(join(tmpdir(), 'tessera-packed-'))

const clauses = {
  '@tessera/core': '{ createTokens }',
  '@tessera/memory-store': '{ memoryStore }',
  '@tessera/cached-store': '{ cachedStore }',
  '@tessera/redis-store': '{ redisStore }',
  '@tessera/sqlite-store': '{ sqliteStore }',
  '@tessera/http': '{ readBearer }',
  '@tessera/express': '{ authenticate, getAuth, requireScopes }',
  '@tessera/access-jwt': '{ acceptBoth, createAccessTokens, generateAccessKey }',
}
const imports = Object.entries(clauses).map(([name, clause]) => `import ${clause} from '${name}'`)
const requires = Object.entries(clauses).map(([name, clause]) => `const ${clause} = require('${name}')`)

const scenario = `
async function main() {
  const tokens = createTokens({ store: cachedStore(memoryStore()), prefix: 'ot_pat' })
  const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
  const verification = await tokens.verify(secret)
  const keys = [{ key: await generateAccessKey() }]
  const accessTokens = createAccessTokens({ tokens, issuer: 'https://acme.test', audience: 'https://acme.test', keys })
  const { jwt } = await accessTokens.exchange(secret)
  const app = express()
  app.get('/jobs', authenticate(acceptBoth(tokens, accessTokens)), requireScopes('jobs:read'), (req, res) => {
    res.json({ owner: getAuth(req).owner })
  })
  const server = app.listen(0, '127.0.0.1', async () => {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : null
    const response = await fetch(\`http://127.0.0.1:\${port}/jobs\`, { headers: { authorization: \`Bearer \${jwt}\` } })
    console.log(JSON.stringify({
      verified: verification.ok && verification.token.owner,
      served: await response.json(),
      readBearer: typeof readBearer,
      redisStore: typeof redisStore,
      sqliteStore: typeof sqliteStore,
    }))
    server.close()
    await tokens.close()
  })
}
main()
`
const outcome = {
  verified: 'acme',
  served: { owner: 'acme' },
  readBearer: 'function',
  redisStore: 'function',
  sqliteStore: 'function',
}

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
}

function run(command: string, args: string[]): string {
  const shell = process.platform === 'win32' && command === 'npm'
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: scratch,
    env: cleanEnv,
    encoding: 'utf8',
    shell,
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`)
  return stdout
}

/** Express and the types come from this workspace: the less this test asks of a registry, the better. */
function borrow(name: string): void {
  const link = join(scratch, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(join(import.meta.dirname, '../node_modules', name), link, 'junction')
}

beforeAll(() => {
  const write = (file: string, content: string) => writeFileSync(join(scratch, file), content)
  write('package.json', JSON.stringify({ name: 'scratch', private: true }))
  write('use.mjs', [...imports, `import express from 'express'`, scenario].join('\n'))
  write('use.cjs', [...requires, `const express = require('express')`, scenario].join('\n'))
  write('use.mts', [...imports, `import express from 'express'`, scenario].join('\n'))
  write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.mts'] }))

  const tarballs = packAll(scratch).map(({ tarball }) => tarball)
  run('npm', ['install', '--prefer-offline', '--legacy-peer-deps', '--no-audit', '--no-fund', ...tarballs])
  for (const name of ['express', '@types/express', '@types/node']) borrow(name)
}, 120_000)

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the packed packages', () => {
  it('work from ESM', () => {
    expect(JSON.parse(run(process.execPath, ['use.mjs']))).toEqual(outcome)
  })

  it('work from CommonJS', () => {
    expect(JSON.parse(run(process.execPath, ['use.cjs']))).toEqual(outcome)
  })

  it('work from TypeScript, their declarations checked too', () => {
    expect(run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')])).toBe('')
  })
})

describe.each(folders)('the tarball of packages/%s', (folder) => {
  const at = join(scratch, 'node_modules/@tessera', folder)
  const files = () => readdirSync(at, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))

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
      built.filter((file) => !existsSync(join(at, file.replace('dist/', 'src/').replace(/\.js$/, '.ts')))),
    ).toEqual([])
  })

  it('says where it is from, what it runs on, and by which words it is found', () => {
    const manifest = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      homepage: `${HOME}/tree/main/packages/${folder}#readme`,
      bugs: `${HOME}/issues`,
      repository: { type: 'git', url: `git+${HOME}.git`, directory: `packages/${folder}` },
      engines: { node: '^20.19.0 || >=22.12.0' },
      main: './dist/index.js',
      types: './dist/index.d.ts',
      exports: { './package.json': './package.json' },
    })
    expect(manifest.keywords).toEqual(expect.arrayContaining(['api-token', 'api-key', 'personal-access-token']))
  })

  it('has a README whose links lead somewhere outside the repository too', () => {
    const links = linksIn(readFileSync(join(at, 'README.md'), 'utf8'))
    expect(links.filter(({ path }) => path !== '' && !path.startsWith('/'))).toEqual([])
  })

  it('asks only for versions that a registry can answer', () => {
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
    const ranges = Object.values({ ...dependencies, ...peerDependencies })
    expect(ranges.filter((range) => !/^[\^\d]/.test(String(range)))).toEqual([])
  })
})

it('the tarball of packages/core has no dependencies', () => {
  const manifest = JSON.parse(readFileSync(join(scratch, 'node_modules/@tessera/core/package.json'), 'utf8'))
  expect(manifest).not.toHaveProperty('dependencies')
  expect(manifest).not.toHaveProperty('peerDependencies')
})
