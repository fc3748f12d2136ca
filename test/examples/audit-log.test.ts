import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

const REVOKED = { status: { from: 'active', to: 'revoked' } }
const script = join(root, 'examples/audit-log/server.js')

describe('examples/audit-log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-audit-log-'))
  const file = join(folder, 'audit.jsonl')
  let app: RunningProcess
  let authorization: string
  let call: (path: string, method?: string) => Promise<Response>

  beforeAll(async () => {
    const port = await freePort()
    app = runProcess(process.execPath, [script], { env: { PORT: String(port), AUDIT_LOG: file } })
    authorization = (await app.firstLine()).replace('Authorization: ', '')
    call = (path, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization } })
  })
  afterAll(async () => {
    await app.end('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  it('is shorter than 40 lines', () => {
    expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThan(40)
  })

  it('writes what happens to its token, in order and to the last, and never its secret', async () => {
    expect((await call('/jobs')).status).toBe(200)
    expect((await call('/jobs')).status).toBe(200)
    const { tokens } = (await (await call('/tokens')).json()) as { tokens: { id: string; preview: string }[] }
    const { id: tokenId = '', preview } = tokens[0] ?? {}
    expect((await call(`/tokens/${tokenId}`, 'DELETE')).status).toBe(200)
    expect((await call('/jobs')).status).toBe(401)
    expect(await app.end()).toEqual({ code: 0, signal: null })
    expect(app.stderr()).toBe('')

    const written = readFileSync(file, 'utf8')
    const about = { at: expect.stringMatching(/^\d{4}-.*Z$/) as string, owner: 'acme', tokenId, preview }
    const by = 'ada@acme.test'
    expect(
      written
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { type: 'issued', ...about, by, replayed: false, secretShown: true },
      { type: 'first_used', ...about, ip: '127.0.0.1' },
      { type: 'revoked', ...about, by, byToken: tokenId, changes: REVOKED, reason: 'requested' },
      { type: 'refused', ...about, ip: '127.0.0.1', reason: 'revoked', omitted: 0 },
    ])
    expect(written).not.toContain(authorization.replace('Bearer ', ''))
  })

  it('writes for its owner only', () => {
    expect(statSync(file).mode & 0o077).toBe(0)
  })
})
