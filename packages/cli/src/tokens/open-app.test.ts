import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
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
    ['null.js', 'throw null', 'cannot be loaded: null'],
    ['failing.js', 'export const tokens = () => { throw "s" }', 'cannot be made: s'],
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
    expect(await call(['list', 'acme', ...url], { cwd })).toMatchObject({ code: 2 })
    expect(existsSync(join(cwd, 'tokens.db'))).toBe(false)
    writeFileSync(join(cwd, 'tokens.db'), '')
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

  it.each([
    ['--tokens ./tokens.js --database-url sqlite:a.db', '--tokens and --database-url name two sources'],
    ['--redis-url redis://a --database-url sqlite:a.db', '--redis-url and --database-url name two sources'],
    ['--tokens ./tokens.js --prefix acme_pat', '--prefix is for a URL'],
    ['--redis-url redis://:p@[bad --prefix acme_pat', '--redis-url must be'],
    ['--redis-url redis://a --prefix _', '--prefix must be'],
  ])('refuses %s', async (options, reason) => {
    const { code, stderr } = await call(['list', 'acme', ...options.split(' ')], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain(reason)
  })

  it('takes neither of two stores that the environment names', async () => {
    writeFileSync(join(cwd, 'deep/package.json'), '{}')
    const env = { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'sqlite:a.db', TESSERA_PREFIX: 'acme_pat' }
    const { code, stderr } = await call(['list', 'acme'], { cwd: join(cwd, 'deep'), env })
    expect(code).toBe(2)
    expect(stderr).toContain('REDIS_URL and DATABASE_URL')
  })

  it('names the source of a "no", and ends with 3 for a file that is no database', async () => {
    const refused = await call(['show', 'acme', '00000000-0000-4000-8000-000000000000'], { cwd })
    expect(refused.stderr).toContain(`(in ${join(cwd, 'tokens.js')})`)
    const folder = ['--database-url', `sqlite:${join(cwd, 'deep')}`, '--prefix', 'acme_pat']
    expect(await call(['list', 'acme', ...folder], { cwd })).toMatchObject({ code: 3 })
  })

  it('waits no longer than --timeout, for a module, a store or a close', async () => {
    const never = 'new Promise(() => {})'
    const tokens = "export { tokens } from './tokens.js'\n"
    const own = "import { tokens as own } from './tokens.js'\nexport const tokens = Object.create(own, "
    writeFileSync(join(cwd, 'loads.js'), `await ${never}`)
    writeFileSync(join(cwd, 'makes.js'), `export const tokens = () => ${never}`)
    writeFileSync(join(cwd, 'lists.js'), `${own}{ list: { value: () => ${never} } })`)
    writeFileSync(join(cwd, 'closes.js'), `${tokens}export const close = () => ${never}`)
    writeFileSync(join(cwd, 'fails.js'), `${tokens}export const close = () => { throw new Error('left open') }`)
    const ends = (file: string) => call(['list', 'acme', '--timeout', '1s', '--tokens', file], { cwd })
    const ended = await Promise.all(['loads.js', 'makes.js', 'lists.js', 'closes.js', 'fails.js'].map(ends))
    expect(ended.map(({ code }) => code)).toEqual([2, 2, 3, 0, 0])
    expect(ended[2]?.stderr).toContain('list got no answer within 1 s')
    expect(ended[4]?.stderr).toBe('tessera: not closed well: left open\n')
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
