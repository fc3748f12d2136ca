import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScratchProject } from '../support/scratch-project.ts'
import { copyInto, runTool, startConsumer } from './tools.ts'

/** The app makes tokens with its own core; the adapter words their errors with another. */
const APP = `
import { createTokens } from '@tessera/core'
import { authenticate, tokenRouter } from '@tessera/express'
import { plain } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { once } from 'node:events'
import express from 'express'

const store = memoryStore()
let isDown = false
const find = store.findByDigest
const tokens = createTokens({
  store: { ...store, findByDigest: (...call) => (isDown ? Promise.reject(new Error('down')) : find(...call)) },
  prefix: 'acme_pat',
  activeLimit: 1,
})
const scopes = { read: ['tokens:read'], write: ['tokens:write'] }
const app = express()
app.use('/tokens', authenticate(tokens, { dialect: plain }), tokenRouter(tokens, { dialect: plain, scopes }))
const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['tokens:read', 'tokens:write'] })
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')

async function statusOf(path, method = 'GET', body) {
  const headers = { authorization: 'Bearer ' + secret, 'content-type': 'application/json' }
  const response = await fetch('http://127.0.0.1:' + server.address().port + '/tokens' + path, { method, headers, body })
  return response.status
}

const unknown = await statusOf('/00000000-0000-4000-8000-000000000000')
const overLimit = await statusOf('/', 'POST', JSON.stringify({ name: 'CI', scopes: ['tokens:read'] }))
isDown = true
console.log(JSON.stringify({ unknown, overLimit, down: await statusOf('/') }))
server.close()
`

let project: ScratchProject

beforeAll(() => {
  project = startConsumer()
  project.write('app.mjs', APP)
  copyInto(project, '@tessera/http', '@tessera/core')
}, 120_000)

afterAll(() => project.remove())

const right = { unknown: 404, overLimit: 409, down: 503 }

it('an app with two copies of core answers errors of each alike', () => {
  expect(JSON.parse(project.run(process.execPath, ['app.mjs']))).toEqual(right)
})

it('so does a bundle with two copies of core', () => {
  const options = ['--bundle', '--platform=node', '--format=esm', '--outfile=bundle.mjs', '--external:express']
  runTool(project, 'esbuild/bin/esbuild', ['app.mjs', ...options])
  expect(JSON.parse(project.run(process.execPath, ['bundle.mjs']))).toEqual(right)
})
