import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { ScratchProject } from '../support/scratch-project.ts'
import { TOOLS, runTool, startConsumer } from './tools.ts'

const NEST = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', '@nestjs/platform-fastify']

let project: ScratchProject

beforeAll(() => {
  project = startConsumer()
  project.borrow(TOOLS, ...NEST, 'reflect-metadata', 'rxjs', 'next', 'react', 'react-dom')
  for (const example of ['nest', 'next'])
    cpSync(join(root, 'examples', example), join(project.folder, example), {
      recursive: true,
      filter: (path) => !path.endsWith('node_modules'),
    })
}, 180_000)

afterAll(() => project.remove())

describe('examples/nest', () => {
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] },
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true, rootDir: 'src', outDir: 'dist' },
  }

  beforeAll(() => {
    const main = readFileSync(join(root, 'examples/nest/src/main.ts'), 'utf8')
    const onFastify = main
      .replace('create(AppModule,', 'create(AppModule, new FastifyAdapter(),')
      .replace(
        "from '@nestjs/core'\n",
        "from '@nestjs/core'\nimport { FastifyAdapter } from '@nestjs/platform-fastify'\n",
      )
    project.write('nest/src/fastify.ts', onFastify)
    project.write('nest/tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }))
    runTool(project, 'typescript/bin/tsc', ['-p', 'nest'])
  }, 120_000)

  it('has a guard and its decorators in less than 40 lines', () => {
    const lines = readFileSync(join(root, 'examples/nest/src/tessera.ts'), 'utf8').split('\n')
    expect(lines.filter((line) => line.trim() !== '' && !/^ *\/[/*]/.test(line)).length).toBeLessThan(40)
  })

  it.each([
    ['Express', 'main.js'],
    ['Fastify', 'fastify.js'],
  ])(
    'asks for tokens and scopes on the platform %s, and keeps the challenges',
    { timeout: 60_000 },
    async (_, file) => {
      const port = await freePort()
      const program = join(project.folder, 'nest/dist', file)
      const app = runProcess(process.execPath, [program], { env: { PORT: String(port) } })
      const authorization = (await app.firstLine()).replace('Authorization: ', '')
      const ask = (path: string, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers })
      expect(await (await ask('/jobs', { authorization })).json()).toEqual({ jobs: [], owner: 'acme' })
      const refused = await Promise.all([
        ask('/jobs'),
        ask('/jobs', { authorization: 'Bearer nonsense' }),
        ask('/jobs/all', { authorization }),
      ])
      expect(refused.map(({ status, headers }) => [status, headers.get('www-authenticate')])).toEqual([
        [401, 'Bearer realm="api"'],
        [401, expect.stringContaining('error="invalid_token"')],
        [403, expect.stringMatching(/error="insufficient_scope".*scope="admin"/)],
      ])
      for (const { headers } of refused) expect(headers.get('cache-control')).toBe('no-store')
      expect(await refused[0]?.json()).toMatchObject({ code: 'unauthenticated' })
      await app.end()
    },
  )
})

describe('examples/next', () => {
  it('is built and started by Next.js: it issues, rotates, asks and revokes', { timeout: 240_000 }, async () => {
    const port = await freePort()
    const [url, cwd] = [`http://127.0.0.1:${port}`, join(project.folder, 'next')]
    // The tools are linked from elsewhere.
    project.write('next/next.config.mjs', "export default { turbopack: { root: '/' } }")
    const env = { SESSION: 'ada', NEXT_TELEMETRY_DISABLED: '1' }
    const next = (...args: readonly string[]) =>
      runProcess(process.execPath, [join(TOOLS, 'next/dist/bin/next'), ...args], { cwd, env })
    const build = next('build')
    expect(await build.exit, build.stderr() + build.stdout()).toEqual({ code: 0, signal: null })

    const app = next('start', '--port', String(port), '--hostname', '127.0.0.1')
    const headers = { cookie: 'session=ada', 'content-type': 'application/json' }
    const change = async (method: string, path = '', body?: object) =>
      fetch(`${url}/api/tokens${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const issued = await vi.waitFor(() => change('POST', '', { name: 'CI', scopes: ['jobs:read'] }), 20_000)
    const { token, secret } = (await issued.json()) as { token: { id: string }; secret: string }
    const location = issued.headers.get('location')
    expect([issued.status, location]).toEqual([201, `/api/tokens/${token.id}`])
    const jobs = async (of: string) => {
      const answer = await fetch(`${url}/api/jobs`, { headers: { authorization: `Bearer ${of}` } })
      return [answer.status, answer.headers.get('www-authenticate')]
    }
    expect(await jobs(secret)).toEqual([200, null])

    const rotated = await change('POST', `/${token.id}/rotate`, { overlapSeconds: 0 })
    const successor = (await rotated.json()) as { token: { id: string }; secret: string }
    expect([await jobs(secret), await jobs(successor.secret)]).toEqual([
      [401, expect.stringContaining('error="invalid_token"')],
      [200, null],
    ])
    expect((await change('DELETE', `/${successor.token.id}`)).status).toBe(200)
    expect((await jobs(successor.secret))[0]).toBe(401)
    const strangers = [await fetch(`${url}/api/tokens`), await fetch(`${url}/api/jobs`)]
    expect(strangers.map((each) => [each.status, each.headers.get('www-authenticate')])).toEqual([
      [401, null],
      [401, 'Bearer realm="api"'],
    ])
    await app.end()
  })
})
