import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { memoryStore } from '@tessera/memory-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apis, createAllTokens } from '../../examples/four-apis/src/apis.ts'
import { createApp } from '../../examples/four-apis/src/app.ts'
import { documentPath } from '../../examples/four-apis/src/documents.ts'
import { serve } from '../openapi/stage.ts'
import { TOOLS } from './tools.ts'

const run = promisify(execFile)
const tokens = createAllTokens({ store: memoryStore() })
const { owner, options, path } = apis.standard
const folder = mkdtempSync(join(tmpdir(), 'tessera-client-'))
let served: Awaited<ReturnType<typeof serve>>

/** A tool of this folder, in the project. */
const tool = (file: string, ...args: string[]) => run(process.execPath, [join(TOOLS, file), ...args], { cwd: folder })

beforeAll(async () => {
  served = await serve(createApp(tokens))
  symlinkSync(TOOLS, join(folder, 'node_modules'), 'junction')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
})

afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true, force: true })
})

/** It compiles only if both misuses are errors. */
const CLIENT = `
import createClient from 'openapi-fetch'
import type { paths } from './api.js'

const [baseUrl = '', secret = ''] = process.argv.slice(2)
const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${secret}\` } })

const issued = await client.POST('${path}', { body: { name: 'CI', scopes: ['jobs:read'] } })
if (issued.error !== undefined) throw new Error(issued.error.code)
const { id, expiresAt } = issued.data.token
const never: string | null = expiresAt

const listed = await client.GET('${path}', { params: { query: { status: 'active', sort: 'createdAt', limit: 10 } } })
const rotated = await client.POST('${path}/{id}/rotate', { params: { path: { id } }, body: { overlapSeconds: 0 } })
const revoked = await client.DELETE('${path}/{id}', { params: { path: { id: rotated.data?.token.id ?? '' } } })
const unknown = await client.GET('${path}/{id}', { params: { path: { id: 'unknown' } } })
if (unknown.error === undefined) throw new Error('there is no such token')
const { code } = unknown.error

// @ts-expect-error A scope that is not in the catalogue.
const misspelt = () => client.POST('${path}', { body: { name: 'CI', scopes: ['jobs:raed'] } })
// @ts-expect-error A token without a name.
const nameless = () => client.POST('${path}', { body: { scopes: [] } })

console.log(JSON.stringify({
  never,
  secrets: [issued.data.secret, rotated.data?.secret].map((each) => each?.slice(0, 9)),
  listed: listed.data?.tokens.map(({ name, current }) => [name, current]),
  usage: listed.data?.usage,
  revoked: revoked.data?.token.status,
  code,
  misuses: [typeof misspelt, typeof nameless],
}))
`

it('a client that openapi-typescript makes of the document compiles, and issues, lists, rotates and revokes', async () => {
  await tool('openapi-typescript/bin/cli.js', served.url + documentPath('standard'), '-o', 'api.d.ts')
  writeFileSync(join(folder, 'client.ts'), CLIENT)
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    types: ['node'],
    strict: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['client.ts'] }))
  await tool('typescript7/bin/tsc')

  const { secret } = await tokens.standard.issue({ owner, name: 'Caller', scopes: options.scopes ?? [] })
  const { stdout } = await run(process.execPath, ['client.js', served.url, secret], { cwd: folder })
  expect(JSON.parse(stdout)).toEqual({
    never: null,
    secrets: ['acme_pat_', 'acme_pat_'],
    listed: [
      ['CI', false],
      ['Caller', true],
    ],
    usage: { active: 2, limit: 25 },
    revoked: 'revoked',
    code: 'malformed_id',
    misuses: ['function', 'function'],
  })
}, 120_000)
