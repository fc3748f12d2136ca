import { expect } from 'vitest'
import { CLIENT, METADATA_PATH, OWNER } from '../stage/fixture.ts'
import type { Chapter } from '../stage/stage.ts'

const JSON_TYPE = 'Content-Type: application/json'
const FORM = 'Content-Type: application/x-www-form-urlencoded'

export const mount: Chapter = {
  title: 'mount points',
  cases: [
    [
      'gives a new token its place, and finds it there, with a slash behind it or not',
      async (stage) => {
        const { bearer } = await stage.issue()
        const body = JSON.stringify({ name: 'CD', scopes: [] })
        const { headers } = await stage.ask('POST', '/tokens', { headers: [bearer, JSON_TYPE], body })
        const { location = '' } = headers
        expect(location).toMatch(/^\/tokens\/[^/]+$/)
        for (const path of [location, `${location}/`, '/tokens', '/tokens/', '/tokens?a=/b', '/tokens/self'])
          expect([path, (await stage.ask('GET', path, { headers: [bearer] })).status]).toEqual([path, 200])
        const encoded = location.replaceAll('-', '%2D')
        expect(await stage.ask('GET', encoded, { headers: [bearer] })).toMatchObject({ status: 200 })
      },
    ],
    [
      'finds nothing beside and below',
      async (stage) => {
        const { bearer, id } = await stage.issue()
        const paths = [
          `/tokens/${id}/x`,
          `/tokens/${id}%2Frotate`,
          '/tokensx',
          '/tokens/a/b/c',
          '/token',
          '/tokens/..%2Fopen',
        ]
        const status = async (path: string) => (await stage.ask('GET', path, { headers: [bearer] })).status
        for (const path of paths) expect([path, await status(path)]).toEqual([path, 404])
        // A framework may refuse the first itself, and Express 4 takes two slashes for one.
        expect([404, 400]).toContain(await status('/tokens/%zz'))
        expect([404, 200]).toContain(await status(`/tokens//${id}`))
      },
    ],
    [
      'finds nothing behind dots, unless the platform resolves them before',
      async (stage) => {
        const { bearer } = await stage.issue()
        for (const dots of ['..', '.%2E', '%2e%2E']) {
          const { status, body } = await stage.ask('GET', `/tokens/${dots}/open`, { headers: [bearer] })
          expect([dots, status === 404 || body]).toEqual([dots, status === 404 || 'open'])
        }
      },
    ],
    [
      'names the methods of this mount point with 405',
      async (stage) => {
        const { bearer, id } = await stage.issue()
        const put = (path: string) => stage.ask('PUT', path, { headers: [bearer] })
        expect(await put('/tokens')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } })
        const { status, headers } = await put(`/tokens/${id}`)
        expect([status, headers['allow']?.split(', ').sort()]).toEqual([405, ['DELETE', 'GET', 'HEAD', 'PATCH']])
      },
    ],
    [
      'hands on the parameters of its path',
      async (stage) => {
        const { bearer } = await stage.issue()
        const list = (org: string) => stage.ask('GET', `/orgs/${org}/api-tokens`, { headers: [bearer] })
        expect(await list(OWNER)).toMatchObject({ status: 200 })
        expect(await list(OWNER.replace('8', '9'))).toMatchObject({ status: 404 })
        expect(await list('acme')).toMatchObject({ status: 400 })
      },
    ],
    [
      'serves the OAuth endpoints at their exact paths',
      async (stage) => {
        const { secret } = await stage.issue()
        const form = (path: string, fields: object) => {
          const body = new URLSearchParams({ token: secret, ...fields }).toString()
          return stage.ask('POST', path, { headers: [FORM], body })
        }
        const client = { client_id: CLIENT.id, client_secret: CLIENT.secret }
        expect(JSON.parse((await form('/oauth/introspect', client)).body)).toMatchObject({ active: true, sub: OWNER })
        const nobody = await form('/oauth/introspect', {})
        expect(JSON.parse(nobody.body)).toMatchObject({ error: 'invalid_client' })
        expect((await form('/oauth/revoke/below', {})).status).toBe(404)
        const { status, headers, body } = await form('/oauth/revoke', {})
        expect([status, headers['content-type'], body]).toEqual([200, undefined, ''])
        expect(JSON.parse((await form('/oauth/introspect', client)).body)).toEqual({ active: false })
        const metadata = await stage.ask('GET', METADATA_PATH)
        expect(JSON.parse(metadata.body)).toMatchObject({ resource: 'https://api.example.com' })
        expect(await stage.ask('GET', '/oauth/revoke')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
      },
    ],
  ],
}
