import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

const script = join(root, 'examples/access-tokens/server.js')
const FIELDS = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
}

describe('examples/access-tokens', () => {
  let app: RunningProcess
  let url: string
  let issued: { readonly secret: string; readonly id: string }

  const call = (method: string, path: string, credential: string) =>
    fetch(url + path, { method, headers: { authorization: `Bearer ${credential}` } })

  async function exchange(scope: string): Promise<string> {
    const body = new URLSearchParams({ ...FIELDS, subject_token: issued.secret, scope })
    const answer = await fetch(`${url}/token`, { method: 'POST', body })
    expect(answer.status).toBe(200)
    return ((await answer.json()) as { access_token: string }).access_token
  }

  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    app = runProcess(process.execPath, [script], { env: { PORT: String(port) } })
    issued = JSON.parse(await app.firstLine())
  })
  afterAll(() => app.end())

  it('is shorter than 60 lines', () => {
    expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThan(60)
  })

  it('accepts an access token for what it was asked for, and the token for all it holds', async () => {
    const jwt = await exchange('jobs:read')
    expect(await (await call('GET', '/jobs', jwt)).json()).toEqual({ jobs: [], owner: 'acme' })
    expect((await call('POST', '/jobs', jwt)).status).toBe(403)
    expect((await call('POST', '/jobs', issued.secret)).status).toBe(201)
  })

  it('serves the key that verifies it', async () => {
    const [header = ''] = (await exchange('')).split('.')
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toMatchObject({ keys: [{ kid }] })
  })

  it('manages tokens with a token, not with an access token', async () => {
    expect((await call('DELETE', `/tokens/${issued.id}`, await exchange(''))).status).toBe(401)
  })

  it('refuses an access token once its token is revoked', async () => {
    const jwt = await exchange('')
    expect((await call('GET', '/jobs', jwt)).status).toBe(200)
    expect((await call('DELETE', `/tokens/${issued.id}`, issued.secret)).status).toBe(200)
    expect((await call('GET', '/jobs', jwt)).status).toBe(401)
    expect(app.stderr()).toBe('')
  })
})
