import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

const script = join(root, 'examples/hono/server.js')

describe('examples/hono', () => {
  let app: RunningProcess
  let url: string
  let authorization: string

  beforeAll(async () => {
    const port = await freePort()
    app = runProcess(process.execPath, [script], { env: { PORT: String(port) } })
    url = `http://127.0.0.1:${port}`
    authorization = (await app.firstLine()).replace('Authorization: ', '')
  })
  afterAll(() => app.end())

  it('is shorter than 45 lines', () => {
    expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThan(45)
  })

  it('serves its route to a token with the scope, and challenges others', async () => {
    const served = await fetch(`${url}/jobs`, { headers: { authorization } })
    expect([served.status, await served.json()]).toEqual([200, { jobs: [], owner: 'acme' }])
    const refused = await fetch(`${url}/jobs`)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="api"'])
  })

  it('issues a token for a network, and revokes it by its secret', async () => {
    const body = JSON.stringify({ name: 'CD', scopes: ['jobs:read'], networks: ['127.0.0.1/32'] })
    const headers = { authorization, 'content-type': 'application/json' }
    const issued = await fetch(`${url}/tokens`, { method: 'POST', headers, body })
    expect(issued.headers.get('location')).toMatch(/^\/tokens\/[0-9a-f-]{36}$/)
    const { secret } = (await issued.json()) as { secret: string }
    const jobs = () => fetch(`${url}/jobs`, { headers: { authorization: `Bearer ${secret}` } })
    expect((await jobs()).status).toBe(200)
    const revoked = await fetch(`${url}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ token: secret }) })
    expect([revoked.status, (await jobs()).status, app.stderr()]).toEqual([200, 401, ''])
  })
})
