import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApi } from '../../packages/client/testing/open-api.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { ScratchProject } from '../support/scratch-project.ts'
import { TOOLS, runTool, startConsumer } from './tools.ts'

const EXAMPLE = join(root, 'examples/workers')
const SESSION = 'ada'

/** The example without what only a Worker has. */
const APP = readFileSync(join(EXAMPLE, 'worker.js'), 'utf8')
  .replace(/^import .*'cloudflare:workers'\n/, '')
  .replace(', waitUntil })', ' })')
  .replace('export default {', 'const app = {')

const BUN = `
const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => app.fetch(request, { SESSION: '${SESSION}' }) })
console.log('http://127.0.0.1:' + server.port)
`
const DENO = `
const onListen = ({ port }) => console.log('http://127.0.0.1:' + port)
Deno.serve({ hostname: '127.0.0.1', port: 0, onListen }, (request) => app.fetch(request, { SESSION: '${SESSION}' }))
`

const WORKERD = `
import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
const { compatibility_date, compatibility_flags } = JSON.parse(readFileSync('wrangler.json', 'utf8'))
const worker = new Miniflare({
  modules: [{ type: 'ESModule', path: 'out.js', contents: readFileSync('out.js', 'utf8') }],
  compatibilityDate: compatibility_date,
  compatibilityFlags: compatibility_flags,
  bindings: { SESSION: '${SESSION}' },
})
console.log((await worker.ready).origin)
process.once('SIGTERM', () => worker.dispose())
`

/** The life of a client by the `fetch` of its platform. */
const CLIENT = `
import { createClient } from '@tessera/client'

async function run(url, secret) {
  const file = { secret }
  const store = (secret) => { file.secret = secret }
  const client = createClient({ url, token: () => file.secret, store })
  await client.issue({ name: 'CI', scopes: ['jobs:read'] })
  const { rotatedFrom } = await client.rotateSelf()
  const names = []
  for await (const { name } of client.list({ status: 'active' })) names.push(name)
  return JSON.stringify({ names: names.sort(), rotatedFrom })
}
`
const BY_ARGUMENTS = "import { argv } from 'node:process'\nconsole.log(await run(argv[2], argv[3]))\n"
const BY_REQUEST = 'export default { fetch: async (request) => new Response(await run(...(await request.json()))) }\n'
const CLIENT_IN_WORKERD = `
import { argv } from 'node:process'
import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
const modules = [{ type: 'ESModule', path: 'client-out.js', contents: readFileSync('client-out.js', 'utf8') }]
const worker = new Miniflare({ modules, compatibilityDate: '2026-04-26' })
const answer = await worker.dispatchFetch('http://worker', { method: 'POST', body: JSON.stringify(argv.slice(2, 4)) })
console.log(await answer.text())
await worker.dispose()
`

let project: ScratchProject

beforeAll(() => {
  project = startConsumer()
  project.write('bun.mjs', APP + BUN)
  project.write('deno.mjs', APP + DENO)
  project.borrow(TOOLS, 'miniflare')
  project.write('workerd.mjs', WORKERD)
  project.write('client.mjs', CLIENT + BY_ARGUMENTS)
  project.write('client-worker.js', CLIENT + BY_REQUEST)
  project.write('client-workerd.mjs', CLIENT_IN_WORKERD)
  for (const file of ['worker.js', 'wrangler.json']) project.write(file, readFileSync(join(EXAMPLE, file), 'utf8'))
}, 120_000)

afterAll(() => project.remove())

type Init = Pick<RequestInit, 'method'> & { readonly headers?: Record<string, string>; readonly body?: string }

const person = { cookie: `session=${SESSION}`, 'content-type': 'application/json' }

/** Asks for the life of one token. */
async function expectToServe(program: string, args: readonly string[]): Promise<void> {
  const server = runProcess(program, args, { cwd: project.folder })
  const url = await server.firstLine()
  const ask = (path: string, init?: Init) => fetch(url + path, init)
  const body = JSON.stringify({ name: 'CI', scopes: ['jobs:read'] })
  const issued = await ask('/tokens', { method: 'POST', headers: person, body })
  const { token, secret } = (await issued.json()) as { token: { id: string }; secret: string }
  const headers = { authorization: `Bearer ${secret}` }
  expect(issued.status).toBe(201)
  expect(await (await ask('/jobs', { headers })).json()).toEqual({ jobs: [], owner: 'acme' })
  const statusOf = async (path: string, init?: Init) => (await ask(path, init)).status
  expect({
    nobody: await statusOf('/jobs'),
    notSignedIn: await statusOf('/tokens'),
    beside: await statusOf('/elsewhere', { headers: person }),
    tooLong: await statusOf('/tokens', { method: 'POST', headers: person, body: 'x'.repeat(103_000) }),
    revoked: await statusOf(`/tokens/${token.id}`, { method: 'DELETE', headers: person }),
    ended: await statusOf('/jobs', { headers }),
  }).toEqual({ nobody: 401, notSignedIn: 401, beside: 404, tooLong: 413, revoked: 200, ended: 401 })
  await server.end()
}

describe('tokens are served', { timeout: 60_000 }, () => {
  it.each([
    ['Bun', 'bun/bin/bun.exe', ['run', 'bun.mjs']],
    ['Deno', 'deno/deno', ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', 'deno.mjs']],
  ])('by %s', async (_, program, args) => {
    await expectToServe(join(TOOLS, program), args)
  })

  it('by workerd, made at module level', async () => {
    const options = ['--bundle', '--platform=node', '--format=esm', '--external:cloudflare:workers', '--outfile=out.js']
    runTool(project, 'esbuild/bin/esbuild', ['worker.js', ...options])
    await expectToServe(process.execPath, ['workerd.mjs'])
  })
})

/** Runs the client where answers are cut off: one token is issued, and the own one is rotated once. */
async function expectToManage(program: string, args: readonly string[]): Promise<void> {
  const api = await openApi()
  for (const at of [0, 40])
    api.faults.push({ kind: 'cut', at: () => at }, { kind: 'cut', at: ({ all }) => all - 1 }, null)
  const running = runProcess(program, [...args, `${api.url}/tokens`, api.secret], { cwd: project.folder })
  const printed = await running.firstLine()
  expect(JSON.parse(printed), running.stderr()).toEqual({ names: ['CI', 'Own'], rotatedFrom: api.own.id })
  expect(api.requests).toHaveLength(7)
  await running.end()
  api.stop()
}

describe('the client loses and doubles nothing', { timeout: 60_000 }, () => {
  it.each([
    ['Node', process.execPath, ['client.mjs']],
    ['Bun', join(TOOLS, 'bun/bin/bun.exe'), ['run', 'client.mjs']],
    ['Deno', join(TOOLS, 'deno/deno'), ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', 'client.mjs']],
  ])('on %s', async (_, program, args) => {
    await expectToManage(program, args)
  })

  it('in workerd', async () => {
    runTool(project, 'esbuild/bin/esbuild', ['client-worker.js', '--bundle', '--format=esm', '--outfile=client-out.js'])
    await expectToManage(process.execPath, ['client-workerd.mjs'])
  })
})
