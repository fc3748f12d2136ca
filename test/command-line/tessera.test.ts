import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import type { PostgresServer } from '../postgres/index.ts'
import { startRedis } from '../redis/index.ts'
import type { RedisServer } from '../redis/index.ts'

// The packages resolve from here as they do for an app that has installed them.
const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.tessera-cli-'))
const program = join(import.meta.dirname, '../../packages/cli/dist/main.js')
const hasScript = existsSync('/usr/bin/script')
afterAll(() => rmSync(folder, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function run(
  argv: readonly string[],
  { stdin = '', env = {}, interruptAt = '', answerAt = '' } = {},
  command = [process.execPath, program, ...argv],
): Promise<Ended> {
  const [file = '', ...args] = command
  const child = spawn(file, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm', COLUMNS: '80', ...env },
  })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      text[name] += chunk
      if (interruptAt !== '' && text[name].includes(interruptAt)) child.kill('SIGINT')
      if (answerAt !== '' && text[name].includes(answerAt)) child.stdin.end(stdin)
    })
  child.stdin.on('error', () => {})
  if (interruptAt === '' && answerAt === '') child.stdin.end(stdin)
  else if (answerAt === '') child.stdin.write(stdin)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...text }
}

/** The same in a pseudo-terminal. */
const inTerminal = (line: string, around: { stdin?: string; answerAt?: string } = {}) =>
  run([], around, ['script', '-qec', `stty cols 60; ${process.execPath} ${program} ${line}`, '/dev/null'])

describe('tessera as a process', { timeout: 60_000 }, () => {
  let redis: RedisServer
  let postgres: PostgresServer | undefined
  beforeAll(async () => {
    redis = await startRedis()
    postgres = hasPostgres ? await startPostgres() : undefined
    writeFileSync(
      join(folder, 'tokens.js'),
      `import { createTokens } from '@tessera/core'
import { sqliteStore } from '@tessera/sqlite-store'
import Database from 'libsql'
if (process.env['BANNER']) console.log(process.env['BANNER'])
const database = new Database(${JSON.stringify(join(folder, 'app.db'))})
export const store = sqliteStore(database)
export const tokens = createTokens({ store, prefix: 'acme_pat' })
setInterval(() => {}, 1_000)
`,
    )
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "tessera": { "tokens": "./tokens.js" } }')
  })
  afterAll(async () => {
    await redis.stop()
    await postgres?.stop()
  })

  it('pipes a secret on, and ends though the module leaves something open', async () => {
    const issued = await run(['issue', 'acme', '--name', 'CI'])
    expect(issued).toMatchObject({ code: 0, stdout: expect.stringMatching(/^acme_pat_\w{48}\n$/) })
    expect(await run(['explain'], { stdin: issued.stdout })).toMatchObject({ code: 0 })
    const ended = await run(['revoke', '--leaked'], { stdin: issued.stdout })
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('is revoked as leaked') })
    expect((await run(['explain'], { stdin: issued.stdout })).code).toBe(1)
    expect(await run(['revoke-all', 'acme'])).toMatchObject({ code: 2, stdout: '' })
    expect((await run(['list', 'acme', '--json'])).stdout).not.toContain('\u001B')
  })

  it('keeps stdout for the command: what the module prints goes to stderr', async () => {
    const listed = await run(['list', 'nobody', '--json'], { env: { BANNER: 'a banner' } })
    expect(listed).toEqual({ code: 0, stdout: '{"tokens":[]}\n', stderr: 'a banner\n' })
  })

  it('never ends well without a result: a module or a store that hangs has a deadline', async () => {
    writeFileSync(join(folder, 'hangs.js'), 'await new Promise(() => {})')
    const loading = await run(['revoke-all', 'acme', '--yes', '--tokens', 'hangs.js', '--timeout', '1s'])
    expect(loading).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--timeout') })
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `postgres://u:p@127.0.0.1:${(silent.address() as AddressInfo).port}/x`
    const source = ['--database-url', url, '--prefix', 'acme_pat', '--timeout', '1s']
    const begun = performance.now()
    expect(await run(['list', 'acme', ...source])).toMatchObject({ code: 3, stderr: expect.stringContaining('1 s') })
    expect(performance.now() - begun).toBeLessThan(9_000)
    silent.close()
  })

  it('finishes a change whatever becomes of stdout, and says what is lost', async () => {
    const { stdout: secret } = await run(['issue', 'gone', '--name', 'CI'])
    writeFileSync(join(folder, 'many.txt'), `${secret}\n`.repeat(20_000))
    const shell = (line: string) =>
      run([], {}, ['sh', '-c', `tessera() { "${process.execPath}" "${program}" "$@"; }; ${line}`])
    await shell('tessera scan --revoke many.txt | head -1')
    expect((await run(['explain'], { stdin: secret })).code).toBe(1)
    const full = await shell('tessera issue full --name CI > /dev/full')
    expect(full).toMatchObject({
      code: 70,
      stderr: expect.stringMatching(/secret of [0-9a-f-]{36} is lost, revoke it/),
    })
    expect((await shell('(tessera list gone; echo $? >&2) | true')).stderr).toMatch(/0\n$/)
  })

  it('ends with 130 if it is interrupted', async () => {
    const { stdout: secret } = await run(['issue', 'interrupt', '--name', 'CI'])
    expect(await run(['scan', '-'], { stdin: secret, interruptAt: 'stdin:1' })).toMatchObject({ code: 130 })
  })

  it.skipIf(!hasScript)('colours, fits and asks in a pseudo-terminal', async () => {
    const issued = await run(['issue', 'pty', '--name', `日本語 ${'long '.repeat(20)}`.trim()])
    const { stdout: table } = await inTerminal('list pty')
    const [, row = ''] = table.split('\r\n')
    expect(row).toMatch(/^[0-9a-f-]{36} {2}日本語/)
    expect(row).toContain('…')
    const explained = await inTerminal('explain', { stdin: issued.stdout, answerAt: 'not shown' })
    expect(explained.stdout).toContain('\u001B[32m✓')
    expect(explained.stdout).not.toContain(issued.stdout.trim())
    const asked = await inTerminal('revoke-all pty', { stdin: 'pty\n' })
    expect(asked.stdout).toContain('Type pty to go on')
    expect(asked.stdout).toContain('1 tokens are revoked')
  })

  it('works on Redis and PostgreSQL by their URLs', async () => {
    const urls = [
      ['--redis-url', `redis://127.0.0.1:${redis.port}/0`],
      ...(postgres === undefined ? [] : [['--database-url', postgres.url]]),
    ]
    for (const url of urls) {
      const source = [...url, '--prefix', 'acme_pat']
      if (url[0] === '--database-url') {
        expect((await run(['migrate', '--dry-run', ...source, '--no-audit'])).stdout).toContain('create schema')
        expect(await run(['migrate', ...source, '--no-audit'])).toMatchObject({ code: 0 })
      }
      expect((await run(['issue', 'acme', '--name', 'CI', ...source])).stderr).toContain('--no-audit')
      expect(await run(['issue', 'acme', '--name', 'CI', ...source, '--no-audit'])).toMatchObject({ code: 0 })
      const row = JSON.stringify({ id: 1, token: 'ab'.repeat(32), tokenable_id: 'acme' })
      const imported = await run(['import', '-', '--format', 'sanctum', ...source, '--no-audit'], { stdin: row })
      expect(imported.stdout).toBe('1 rows: 1 imported, 0 imported before, 0 refused\n')
      const listed = await run(['list', 'acme', '--json', ...source])
      expect(JSON.parse(listed.stdout).tokens).toHaveLength(2)
      const doctor = await run(['doctor', ...source])
      expect(doctor.stdout).toContain('✓ store')
      expect(doctor.stdout).toMatch(/[✓] clock: the store is -?\d+ ms ahead/)
    }
  })
})
