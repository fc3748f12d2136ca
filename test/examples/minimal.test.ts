import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { runCurl } from '../support/readmes/curl.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

const script = join(root, 'examples/minimal/server.js')

describe('examples/minimal', () => {
  let app: RunningProcess
  const variables: Record<string, string> = {}

  const curl = async (line: string): Promise<{ head: string; body: unknown }> => {
    const answer = await runCurl(`curl -i ${line}`, variables)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    return { head, body: JSON.parse(body) }
  }

  beforeAll(async () => {
    const port = await freePort()
    app = runProcess(process.execPath, [script], { env: { PORT: String(port) } })
    Object.assign(variables, { URL: `http://127.0.0.1:${port}`, HEADER: await app.firstLine() })
  })
  afterAll(() => app.end())

  it('is shorter than 25 lines', () => {
    expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThan(25)
  })

  it('prints the header of the one token that it issues', () => {
    expect(app.stdout()).toMatch(/^Authorization: Bearer acme_pat_[0-9A-Za-z]{48}\n$/)
    expect(app.stderr()).toBe('')
  })

  it('challenges whoever brings no token or a bad one', async () => {
    const nothing = await curl('$URL/jobs')
    expect(nothing.head).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/)
    expect(nothing.head).toMatch(/\r\nWWW-Authenticate: Bearer realm="api"\r\n/)
    const bad = await curl(`$URL/tokens -H 'Authorization: Bearer x'`)
    expect(bad.head).toMatch(/^HTTP\/1\.1 401 /)
    expect(bad.head).toMatch(/\r\nWWW-Authenticate: Bearer error="invalid_token"/)
  })

  it('serves its route and lists its token', async () => {
    expect(await curl('$URL/jobs -H "$HEADER"')).toMatchObject({ body: { jobs: [], owner: 'acme' } })
    const { head, body } = await curl('$URL/tokens -H "$HEADER"')
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(body).toMatchObject({
      tokens: [{ name: 'CI', scopes: ['jobs:read', 'tokens:read', 'tokens:write'], status: 'active' }],
    })
  })

  it('issues no tokens over HTTP', async () => {
    expect((await curl('-X POST $URL/tokens -H "$HEADER" -H "Content-Type: application/json" -d "{}"')).head).toMatch(
      /^HTTP\/1\.1 405 [^]*\r\nAllow: GET, HEAD\r\n/,
    )
  })

  it('revokes its token, which is refused from then on', async () => {
    const { body } = await curl('$URL/tokens -H "$HEADER"')
    variables['ID'] = (body as { tokens: { id: string }[] }).tokens[0]?.id ?? ''
    expect(await curl('-X DELETE $URL/tokens/$ID -H "$HEADER"')).toMatchObject({
      body: { token: { status: 'revoked' } },
    })
    expect((await curl('$URL/jobs -H "$HEADER"')).head).toMatch(/^HTTP\/1\.1 401 /)
    expect((await curl('$URL/tokens -H "$HEADER"')).head).toMatch(/^HTTP\/1\.1 401 /)
  })
})
