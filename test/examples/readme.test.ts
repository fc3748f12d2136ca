import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { PluginBuild } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import type { PostgresServer } from '../postgres/index.ts'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'
import { startFourApis } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'
import { freePort } from '../support/free-port.ts'
import { runCurl } from '../support/readmes/curl.ts'
import { commandsIn, statedLines } from '../support/readmes/markdown.ts'
import { exampleSources, readmeBlocks } from '../support/readmes/readmes.ts'
import { comparable, shownPattern } from '../support/readmes/shown-output.ts'
import { root, runProcess } from '../support/run-process.ts'

const examples = exampleSources()
const programs = readmeBlocks('ts', 'js')
  .filter(({ code }) => !examples.includes(code) && (hasPostgres || !code.includes('DATABASE_URL')))
  .map((block) => ({ ...block, name: `${block.readme.replaceAll(/\W/g, '-')}-${block.line}` }))
const isServer = ({ code }: { readonly code: string }): boolean => code.includes('.listen(')

/**
 * Puts each program into one file with the packages that it imports, which starts in half the time: there are dozens.
 * The packages resolve by their `exports`. What others publish is left to Node, but for what an app does not install itself.
 */
async function bundle(folder: string): Promise<void> {
  const entryPoints = programs.map(({ name }) => join(folder, 'out', `${name}.js`))
  const isForeign = (path: string): boolean => {
    const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(path) ?? []
    return !name.startsWith('@tessera/') && existsSync(join(import.meta.dirname, '../node_modules', name))
  }
  const othersOutside = {
    name: 'others-outside',
    setup: ({ onResolve }: PluginBuild) =>
      onResolve({ filter: /^[^./]/ }, ({ path }) => (isForeign(path) ? { external: true } : undefined)),
  }
  const outdir = join(folder, 'bundled')
  // What CommonJS modules of the bundle load Node's own modules with.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
  const format = 'esm'
  await build({ entryPoints, outdir, bundle: true, platform: 'node', format, banner, plugins: [othersOutside] })
}

describe('a program in a README', { timeout: 60_000 }, () => {
  // Here the packages resolve as they do for an app that has installed them, and no other tool looks.
  const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.readme-'))
  let complaints = ''
  let redis: RedisServer
  let postgres: PostgresServer | undefined

  beforeAll(async () => {
    redis = await startRedis()
    postgres = hasPostgres ? await startPostgres() : undefined
    for (const { name, language, code } of programs) writeFileSync(join(folder, `${name}.${language}`), code)
    const compilerOptions = {
      ...{ target: 'es2023', lib: ['es2023', 'esnext.disposable'], types: ['node'], module: 'nodenext', strict: true },
      ...{ skipLibCheck: true, allowJs: true, rootDir: '.', outDir: 'out' },
    }
    const files = programs.map(({ name, language }) => `${name}.${language}`)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    complaints = spawnSync(process.execPath, [tsc], { cwd: folder, encoding: 'utf8' }).stdout
    await bundle(folder)
  }, 60_000)
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await redis.stop()
    await postgres?.stop()
  })

  const start = (name: string, env = {}) => {
    const servers = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, DATABASE_URL: postgres?.url ?? '' }
    return runProcess(process.execPath, [join(folder, 'bundled', `${name}.js`)], { env: { ...servers, ...env } })
  }

  it.runIf(programs.length > 0).each(programs)('has the right types: $readme:$line', ({ name }) => {
    expect(complaints.split('\n').filter((line) => line.startsWith(name))).toEqual([])
  })

  it.each(programs.filter((each) => !isServer(each)))(
    'runs, and prints what it states: $readme:$line',
    async (each) => {
      const program = start(each.name)
      expect(await program.exit, program.stderr()).toEqual({ code: 0, signal: null })
      const stated = statedLines(each.code)
      if (stated.length === 0) return
      const printed = program.stdout().trimEnd().split('\n')
      for (const [index, line] of stated.entries()) expect(comparable(printed[index] ?? '')).toMatch(shownPattern(line))
      expect(printed).toHaveLength(stated.length)
    },
  )

  it.each(programs.filter(isServer))('listens on PORT, and answers: $readme:$line', async ({ name }) => {
    const port = await freePort()
    const program = start(name, { PORT: String(port) })
    try {
      const answer = await vi.waitFor(() => fetch(`http://127.0.0.1:${port}`), { timeout: 30_000, interval: 100 })
      expect(answer.status).toBeLessThan(500)
    } finally {
      await program.end()
    }
    expect(program.stderr()).toBe('')
  })
})

/** Its steps are done in a browser, see `test/browser/saas.test.ts`. */
const TUTORIAL = 'examples/saas/README.md'

const sessions = readmeBlocks('console')
  .filter(({ readme }) => readme !== TUTORIAL)
  .map((block) => ({ ...block, commands: commandsIn(block.code).filter(({ line }) => line.startsWith('curl ')) }))
  .filter(({ commands }) => commands.length > 0)

describe('a curl line in a README', () => {
  const started = new Map<string, Promise<FourApisServer>>()
  /** One server for each README: what one of its lines does, the next ones see. */
  function serverOf(readme: string): Promise<FourApisServer> {
    const server = started.get(readme) ?? startFourApis()
    started.set(readme, server)
    return server
  }
  afterAll(async () => {
    for (const server of started.values()) await (await server).process.end()
  })

  it('is there', () => {
    expect(readmeBlocks('console', 'sh', 'ts', 'js', 'json')).not.toEqual([])
  })

  it.each(sessions)('prints what is shown: $readme:$line', async ({ readme, commands }) => {
    const { url, apis } = (await serverOf(readme)).announcement
    const { valid, spare, noScope } = apis.plain.tokens
    const variables = { TOKEN: valid.secret, SPARE: spare.secret, SPARE_ID: spare.id, NO_SCOPE: noScope.secret }
    for (const { line, output } of commands) {
      const printed = await runCurl(line.replaceAll('http://127.0.0.1:3000', url), variables)
      expect(comparable(printed), line).toMatch(shownPattern(output))
    }
  })
})
