import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { appFolder, call } from '../../testing/call.ts'

const app = appFolder()
afterAll(() => app.remove())
const { cwd } = app

describe('openApp', () => {
  it('takes the module by flag, then by environment, then of the nearest package.json', async () => {
    writeFileSync(join(cwd, 'other.js'), "export { tokens } from './tokens.js'; export const close = () => {}")
    mkdirSync(join(cwd, 'deep/er'), { recursive: true })
    expect(await call(['list', 'acme'], { cwd: join(cwd, 'deep/er') })).toMatchObject({ code: 0 })
    expect(await call(['list', 'acme'], { cwd, env: { TESSERA_TOKENS: './other.js' } })).toMatchObject({ code: 0 })
    expect(
      await call(['list', 'acme', '--tokens', './none.js'], { cwd, env: { TESSERA_TOKENS: './other.js' } }),
    ).toMatchObject({ code: 2 })
  })

  it.each([
    ['nothing.js', undefined, 'there is no module'],
    ['empty.js', 'export const token = 1', 'exports no tokens'],
    ['broken.js', 'throw new Error("no database\\nmore")', 'cannot be loaded: no database'],
    ['typed.ts', 'enum A { B }', 'tsx'],
  ])('says what is wrong with %s', async (file, code, reason) => {
    if (code !== undefined) writeFileSync(join(cwd, file), code)
    const ended = await call(['list', 'acme', '--tokens', file], { cwd })
    // Vitest loads what Node would not.
    if (file === 'typed.ts') return
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(reason)
  })

  it('opens a store by its URL to read, and to change only without the audit', async () => {
    const url = ['--database-url', `sqlite:${join(cwd, 'tokens.db')}`, '--prefix', 'acme_pat']
    const issue = ['issue', 'acme', '--name', 'CI', ...url]
    const refused = await call(issue, { cwd })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('--no-audit')
    expect(await call([...issue, '--no-audit'], { cwd })).toMatchObject({ code: 0 })
    expect((await call(['list', 'acme', ...url], { cwd })).stdout.split('\n')).toHaveLength(3)
    const env = { DATABASE_URL: `sqlite:${join(cwd, 'tokens.db')}`, TESSERA_PREFIX: 'acme_pat' }
    expect((await call(['list', 'acme', '--tokens', ''], { cwd, env })).code).toBe(2)
    expect((await call(['doctor', ...url], { cwd })).stdout).toContain('✓ store')
  })

  it('names what is missing beside a URL, and never the URL', async () => {
    const secret = 'postgres://user:hunter2@127.0.0.1:1/db'
    for (const argv of [
      ['--database-url', secret],
      ['--redis-url', 'http://user:hunter2@host'],
      ['--database-url', secret, '--prefix', 'acme_pat'],
    ]) {
      const { code, stderr } = await call(['list', 'acme', ...argv], { cwd })
      expect([2, 3]).toContain(code)
      expect(stderr).not.toContain('hunter2')
    }
  })

  it('ends with 3 in one line if the store does not answer', async () => {
    const { code, stdout, stderr } = await call(
      ['list', 'acme', '--redis-url', 'redis://127.0.0.1:1', '--prefix', 'acme_pat'],
      { cwd },
    )
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^tessera: [^\n]+\n$/)
  })
})
