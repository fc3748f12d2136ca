import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { appFolder, call } from '../../testing/call.ts'
import type { Around } from '../../testing/call.ts'

const [app, other] = [appFolder(), appFolder()]
afterAll(() => [app, other].map((each) => each.remove()))
const at = (argv: string, around: Around = {}) => call(argv.split(' '), { cwd: app.cwd, ...around })

const row = (id: number, more = {}) =>
  JSON.stringify({ id, token: hash('sha256', `s${id}`), tokenable_id: 'acme', abilities: '["jobs:read"]', ...more })
const file = join(app.cwd, 'tokens.jsonl')
writeFileSync(file, [row(1), row(2, { abilities: '["*"]' }), 'no JSON', row(4, { tokenable_id: null })].join('\n'))

describe('tessera import', () => {
  it('says what it would import, imports it, and names by row what it did not', async () => {
    const dry = await at('import tokens.jsonl --format sanctum --dry-run')
    expect(dry.stdout).toBe('4 rows: 2 would be imported, 0 imported before, 2 refused\n')
    expect(JSON.parse((await at('list acme --json')).stdout).tokens).toEqual([])
    const { code, stdout, stderr } = await at('import tokens.jsonl --format sanctum --actor ada')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '4 rows: 2 imported, 0 imported before, 2 refused\n' })
    expect(stderr).toBe(
      'refused: row 3: no JSON object\n' +
        'refused: row 4: the row has no owner: give it one, or the option map\n' +
        'imported with a loss: row 2: scopes left out, as they cannot be granted: "*"\n',
    )
    expect(app.audit()).toEqual(['imported cli:ada', 'imported cli:ada'])
    await at('issue acme --name ours --scope jobs:read')
    expect(JSON.parse((await at('list acme --json')).stdout).tokens).toHaveLength(3)
    expect(JSON.parse((await at('list acme --imported --json')).stdout).tokens).toHaveLength(2)
  })

  it('goes on, also from stdin, and as one document', async () => {
    const stdin = [row(1), row(2), row(5)].join('\n')
    expect((await at('import - --format sanctum --skip 1', { stdin })).stdout).toBe(
      '3 rows: 1 imported, 1 imported before, 0 refused\n',
    )
    const { code, stdout } = await at('import - --format sanctum --json', { stdin })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ read: 3, imported: 0, present: 3, dryRun: false })
  })

  it('refuses a line that is too long like any other that is no row', async () => {
    const stdin = [row(1), 'x'.repeat(1_000_001), row(6)].join('\n')
    expect(await at('import - --format sanctum', { stdin })).toEqual({
      ...{ code: 1, stdout: '3 rows: 1 imported, 1 imported before, 1 refused\n' },
      stderr: 'refused: row 2: line 2 is longer than 1,000,000 characters\n',
    })
  })

  it('shows its progress on a terminal only', async () => {
    expect((await at('import tokens.jsonl --format sanctum')).stderr).not.toContain('\r')
    expect((await at('import tokens.jsonl --format sanctum', { isTTY: true })).stderr).toContain('\r4 rows\r')
  })

  it('says where it stopped', async () => {
    const tokens = join(app.cwd, 'failing.js')
    const record = `tokens[Symbol.for('tessera.records')]`
    writeFileSync(
      tokens,
      `export { tokens } from './tokens.js'
import { tokens } from './tokens.js'
import { StoreError } from '@tessera/core'
${record}.insert = async () => { throw new StoreError('insert a token', new Error('away')) }`,
    )
    const { code, stderr } = await at('import - --format sanctum --tokens failing.js', { stdin: row(9) })
    expect(code).toBe(3)
    expect(stderr).toContain('stopped: 0 rows are done. Repeat the command, or go on with --skip 0')
  })

  it.each([
    ['import', "missing required argument 'file'"],
    ['import none.jsonl', 'FILE must be a file'],
    ['import .', 'FILE must be a file'],
    ['import - --format laravel', '--format must be one of sanctum'],
    ['import - --skip few', '--skip must be'],
    ['export', 'give the owners to export'],
  ])('refuses %s', async (argv, reason) => {
    const { code, stdout, stderr } = await at(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })
})

describe('tessera export', () => {
  it('exports tokens of owners, named or on stdin, for an import elsewhere', async () => {
    const issued = (await at('issue out --name CI --scope jobs:read')).stdout.trim()
    const { code, stdout, stderr } = await at('export out acme')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\d+ rows\n$/)
    expect(stdout).not.toContain(issued)
    expect((await at('export -', { stdin: 'out\nacme\n' })).stdout).toBe(stdout)
    expect((await at('import -', { cwd: other.cwd, stdin: stdout })).stdout).toMatch(
      /, 0 imported before, 0 refused\n$/,
    )
    expect(await at('explain', { cwd: other.cwd, stdin: issued })).toMatchObject({ code: 0 })
    expect(await at('import -', { cwd: other.cwd, stdin: row(1) })).toMatchObject({ code: 1 })
  })
})
