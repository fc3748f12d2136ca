import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as jobs } from '../../examples/next/app/api/jobs/route.js'
import { DELETE, POST } from '../../examples/next/app/api/tokens/[[...path]]/route.js'

const ORIGIN = 'https://app.example.com'
const headers = { cookie: 'session=ada', 'content-type': 'application/json' }

describe('examples/next', () => {
  beforeAll(() => void (process.env.SESSION = 'ada'))
  afterAll(() => void delete process.env.SESSION)

  it('gives whoever signed in a token for its route, and ends it', async () => {
    const body = JSON.stringify({ name: 'CI', scopes: ['jobs:read'] })
    const issued = await POST(new Request(`${ORIGIN}/api/tokens`, { method: 'POST', headers, body }))
    const { token, secret } = (await issued.json()) as { token: { id: string }; secret: string }
    const asked = () => jobs(new Request(`${ORIGIN}/api/jobs`, { headers: { authorization: `Bearer ${secret}` } }))
    expect(await (await asked()).json()).toEqual({ jobs: [], owner: 'acme' })
    await DELETE(new Request(`${ORIGIN}/api/tokens/${token.id}`, { method: 'DELETE', headers }))
    expect((await asked()).status).toBe(401)
  })

  it('manages nothing for others', async () => {
    const answer = await POST(new Request(`${ORIGIN}/api/tokens`, { method: 'POST' }))
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, null])
  })
})
