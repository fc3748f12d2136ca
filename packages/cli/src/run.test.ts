import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSecret, parseSecret } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { appFolder, call } from '../testing/call.ts'
import type { Around } from '../testing/call.ts'

const app = appFolder()
afterAll(() => app.remove())
const at = (argv: string, around: Around = {}) => call(argv.split(' '), { cwd: app.cwd, ...around })

async function issue(owner: string, more = ''): Promise<{ id: string; secret: string }> {
  const { stdout, stderr } = await at(`issue ${owner} --name CI --scope jobs:read --json${more}`)
  if (stdout === '') throw new Error(stderr)
  const { token, secret } = JSON.parse(stdout)
  return { id: token.id, secret }
}

describe('tessera', () => {
  it('issues a token, with the secret alone on stdout, and the audit of the app learns of it', async () => {
    const { code, stdout, stderr } = await at('issue acme --name CI --scope jobs:read --expires 30d --actor ada')
    expect(code).toBe(0)
    expect(parseSecret(stdout.trim())).toMatchObject({ prefix: 'acme_pat' })
    expect(stdout).toBe(`${stdout.trim()}\n`)
    expect(stderr).toMatch(/^issued [0-9a-f-]{36}, acme_pat_\w{4}\*{8}\w{4}, until \d{4}-/)
    expect(stderr).not.toContain(stdout.trim())
    expect(app.audit().at(-1)).toBe('issued cli:ada')
    const other = await at('issue acme --name CI --created-by bob --actor ada --json')
    expect(JSON.parse(other.stdout).token.createdBy).toBe('bob')
    expect(app.audit().at(-1)).toBe('issued cli:ada')
  })

  it('lists and shows tokens, for people and as one document', async () => {
    const { id } = await issue('list')
    const table = await at('list list')
    expect(table.stdout.split('\n')).toHaveLength(3)
    expect(table.stdout).toContain(id)
    expect(JSON.parse((await at('list list --json')).stdout).tokens).toMatchObject([{ id, scopes: ['jobs:read'] }])
    expect((await at(`show ${id}`)).stdout).toMatch(new RegExp(`id +${id}`))
    expect(JSON.parse((await at(`show list ${id} --json`)).stdout)).toMatchObject({ token: { id } })
    expect(await at(`show other ${id}`)).toMatchObject({ code: 1, stdout: '' })
    expect((await at('list list --status revoked')).stdout.split('\n')).toHaveLength(2)
  })

  it('explains a secret from stdin: 0 accepted, 1 refused', async () => {
    const { id, secret } = await issue('explain')
    const accepted = await at('explain', { stdin: secret })
    expect(accepted).toMatchObject({ code: 0 })
    expect(accepted.stdout).not.toContain(secret)
    expect(await at('explain --scope jobs:write', { stdin: secret })).toMatchObject({ code: 1 })
    await at(`suspend ${id}`)
    expect((await at('explain', { stdin: secret })).stdout).toContain('✗ suspension')
  })

  it('reports the scopes asked of tokens, for people and as one document', async () => {
    const recording = appFolder('recordScopesAsked: true')
    const within = (argv: string, stdin = '') => call(argv.split(' '), { cwd: recording.cwd, stdin })
    const { stdout } = await within('issue acme --name CI --scope jobs:read --scope jobs:write --json')
    const { token, secret } = JSON.parse(stdout)
    expect((await within('report acme')).stdout).toMatch(/jobs:read +not recorded/)
    const { tokens } = await import(join(recording.cwd, 'tokens.js'))
    await tokens.verify(secret, { scopes: ['jobs:read', 'admin'] })
    const today = new Date().toISOString().slice(0, 10)
    const table = (await within('report acme --days 30')).stdout
    expect(table).toMatch(new RegExp(`${token.id} +CI +jobs:read +last on ${today}\n`))
    expect(table).toMatch(new RegExp(`jobs:write +not since ${today}\n`))
    expect(table).toMatch(new RegExp(`admin +last on ${today}; not granted`))
    expect(JSON.parse((await within('report acme --json')).stdout)).toMatchObject({
      days: 90,
      tokens: [{ token: { id: token.id }, unasked: null }],
    })
    expect(await within('report acme --days 0')).toMatchObject({ code: 2, stdout: '' })
    recording.remove()
  })

  it('revokes by id, by owner and id, and by secret, with the line of a leaked one', async () => {
    const [one, two, three] = [await issue('revoke'), await issue('revoke'), await issue('revoke')]
    expect((await at(`revoke ${one.id}`)).stdout).toContain('is revoked')
    expect(await at(`revoke revoke ${two.id} --actor ada`)).toMatchObject({ code: 0 })
    expect(app.audit().at(-1)).toBe('revoked cli:ada')
    const next = JSON.parse((await at(`rotate ${three.id} --overlap 1h --json`)).stdout)
    const leaked = await at('revoke --leaked', { stdin: `${three.secret}\n` })
    expect(leaked.stdout).toBe(
      `${three.id} acme_pat_${three.secret.slice(9, 13)}********${three.secret.slice(-4)} is revoked as leaked\n${next.token.id} ended with it\n`,
    )
    expect(await at('revoke', { stdin: generateSecret('acme_pat', '00') })).toMatchObject({ code: 1, stdout: '' })
  })

  it('suspends, resumes and rotates', async () => {
    const { id, secret } = await issue('change')
    expect((await at(`suspend ${id}`)).stdout).toMatch(/status +suspended/)
    expect((await at(`resume change ${id}`)).stdout).toMatch(/status +active/)
    const rotated = await at(`rotate ${id} --overlap 0s`)
    expect(await at('explain', { stdin: rotated.stdout })).toMatchObject({ code: 0 })
    expect(await at('explain', { stdin: secret })).toMatchObject({ code: 1 })
  })

  it('asks before work on many tokens: without a terminal, --yes is needed', async () => {
    await issue('bulk')
    await issue('bulk', ' --created-by ada')
    expect((await at('revoke-all bulk --dry-run')).stdout).toBe('2 tokens would be revoked\n')
    expect(await at('revoke-all bulk')).toMatchObject({ code: 2, stdout: '' })
    expect(await at('revoke-all bulk', { isTTY: true, stdin: 'other\n' })).toMatchObject({ code: 1 })
    expect((await at('revoke-all bulk --dry-run')).stdout).toBe('2 tokens would be revoked\n')
    expect((await at('revoke-all bulk --created-by ada --yes')).stdout).toBe('1 tokens are revoked\n')
    expect((await at('revoke-all bulk', { isTTY: true, stdin: 'bulk\n' })).stdout).toContain('1 tokens are revoked')
    expect(await at('prune')).toMatchObject({ code: 2 })
    expect((await at('prune --keep 0s --yes --actor ada')).stdout).toMatch(/^\d+ records are removed\n$/)
    expect(app.audit().at(-1)).toBe('pruned cli:ada')
  })

  it("prints a scanner's rules, for the prefixes of the app or for others", async () => {
    const own = await at('scanner-rules gitleaks')
    expect(own.code).toBe(0)
    expect(own.stdout).toContain('keywords = ["acme_pat_"]')
    const json = await at('scanner-rules trufflehog --find-prefix new --find-prefix acme_pat --json', { cwd: '/' })
    expect(JSON.parse(json.stdout)).toMatchObject({ scanner: 'trufflehog', prefixes: ['new', 'acme_pat'] })
    const retired = appFolder("retiredPrefixes: ['old']")
    expect((await at('scanner-rules github', { cwd: retired.cwd })).stdout).toContain('(?:acme_pat|old)_')
    retired.remove()
  })

  it('takes no secret as an argument, and never repeats it', async () => {
    const secret = generateSecret('acme_pat', '00')
    for (const argv of [
      ['revoke', secret],
      ['explain', `--ip=${secret}`],
      ['list', `x${secret}x`],
      [secret.slice(0, -1)],
    ]) {
      const { code, stdout, stderr } = await call(argv, { cwd: app.cwd })
      expect(code).toBe(2)
      expect(stdout + stderr).not.toContain(secret.slice(0, -1))
      expect(stderr).toContain('revoke it')
    }
  })

  it.each([
    ['revoke x --leekd', 'Did you mean --leaked?'],
    ['revoke x --leaked=yes', 'leaked'],
    ['list', "missing required argument 'owner'"],
    ['lists acme', 'Did you mean list?'],
    ['issue acme --name CI --expires soon', '--expires must be a duration'],
    ['issue acme --name CI --expires 2030-02-30', '--expires must be'],
    ['issue acme', '--name is needed'],
    ['show x', 'ID must be the id of a token'],
    ['list acme --limit 0', '--limit must be'],
    ['explain', 'give a secret on stdin'],
    ['init laravel', 'FRAMEWORK is one of'],
    ['completion powershell', 'SHELL is one of'],
    ['scan', 'give a path'],
    ['scanner-rules clamav', 'SCANNER is one of'],
    ['scanner-rules gitleaks --find-prefix Acme', '--find-prefix must be'],
    ["scanner-rules gitleaks --name '", '--name must be'],
    ['list acme --status gone', '--status must be'],
    ['issue acme --name CI --expires 0d', '--expires must be'],
    ['issue acme --name CI --scope nodes:read', '--scope must be'],
    ['revoke-all acme --yes --except typo', '--except must be'],
    ['revoke-all acme --dry-run --except typo', '--except must be'],
    ['revoke-all acme --dry-run --scope=', '--scope must be'],
    ['prune --yes --keep 999999w', '--keep must be'],
    ['revoke-all x --yes --except A --except B', '--except may be given once'],
    ['list acme --timeout 1d1', '--timeout must be'],
  ])('refuses %s', async (argv, reason) => {
    const { code, stdout, stderr } = await at(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })

  it('names the token whose secret stdout did not take', async () => {
    const written = { flushed: async () => Object.assign(new Error('full'), { code: 'ENOSPC' }) }
    for (const json of ['', ' --json']) {
      const { code, stderr } = await at(`issue full --name CI${json}`, { written })
      expect(code).toBe(70)
      expect(stderr).toMatch(/the secret of [0-9a-f-]{36} is lost, revoke it: stdout .* \(ENOSPC\)/)
    }
    expect(await at('list full', { written })).toMatchObject({ code: 70 })
    const closed = { ...written, closed: AbortSignal.abort() }
    expect(await at('list full', { written: closed })).toMatchObject({ code: 0 })
    expect(await at('revoke-all full --yes', { written: closed })).toMatchObject({ code: 70 })
    expect((await at('list full --status active')).stdout.split('\n')).toHaveLength(2)
  })

  it('says no in one line where the tokens do', async () => {
    const { id } = await issue('no')
    expect((await at(`rotate ${id} --overlap 99d`)).stderr).toContain('--overlap must be')
    await at(`revoke ${id}`)
    const refused = await at(`resume ${id}`)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^tessera: [^\n]+\n$/)
  })

  it('colours on a terminal only, and as the environment wants it', async () => {
    const { secret } = await issue('colour')
    const escape = '\u001B['
    expect((await at('explain', { stdin: secret })).stdout).not.toContain(escape)
    expect((await at('explain', { stdin: secret, isTTY: true })).stdout).toContain(escape)
    expect((await at('explain', { stdin: secret, env: { FORCE_COLOR: '1' } })).stdout).toContain(escape)
    expect((await at('explain', { stdin: secret, isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(escape)
    expect((await at('explain --no-color', { stdin: secret, isTTY: true })).stdout).not.toContain(escape)
  })

  it('prints what to mount, and completions of each command', async () => {
    for (const framework of ['express', 'fastify', 'next', 'hono'])
      expect((await at(`init ${framework}`)).stdout).toContain('createTokens')
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await at(`completion ${shell}`)).stdout).toMatch(/revoke-all[^\n]*database-url/)
    expect(JSON.parse((await at('init hono --json')).stdout).files).toHaveLength(2)
  })

  it('takes a date with its whole day, as the page does', async () => {
    const { stdout } = await at('issue date --name CI --expires 2099-01-31 --json')
    expect(JSON.parse(stdout).token.expiresAt).toBe('2099-01-31T23:59:59.999Z')
  })

  it('finds a second core beside the module, and an owner whose tokens cannot be listed', async () => {
    const core = join(app.cwd, 'other/node_modules/@tessera/core')
    mkdirSync(core, { recursive: true })
    writeFileSync(join(core, 'package.json'), '{ "name": "@tessera/core", "version": "9.0.0", "main": "index.js" }')
    writeFileSync(join(core, 'index.js'), '')
    writeFileSync(
      join(app.cwd, 'other/tokens.js'),
      `import { tokens as own } from '../tokens.js'
const list = async () => { throw new Error('store is away') }
export const tokens = Object.create(own, { list: { value: list } })`,
    )
    const { code, stdout } = await at('doctor acme --tokens other/tokens.js')
    expect(code).toBe(1)
    expect(stdout).toContain('✗ one core: several copies')
    expect(stdout).toContain('✗ acme: list: store is away')
  })

  it('looks for what would hurt', async () => {
    await issue('doctor')
    const { code, stdout } = await at('doctor doctor')
    expect(code).toBe(1)
    expect(stdout).toContain('✓ store: answered')
    expect(stdout).toContain('✗ doctor: expiry: 1 tokens without an end')
    expect(JSON.parse((await at('doctor --json')).stdout).checks).toContainEqual(
      expect.objectContaining({ check: 'feed', ok: true }),
    )
  })
})
