import { expect } from 'vitest'
import type { Answer } from '../stage/exchange.ts'
import type { Chapter, Stage } from '../stage/stage.ts'

const JSON_TYPE = 'Content-Type: application/json'
const BODY = JSON.stringify({ name: 'CD', scopes: ['jobs:read'] })

const asked = (stage: Stage, path: string, ...headers: readonly string[]) => stage.ask('GET', path, { headers })
const change = (stage: Stage, ...headers: readonly string[]) =>
  stage.ask('POST', '/me/tokens', { headers: ['Cookie: ada', JSON_TYPE, ...headers], body: BODY })

function expectSignIn({ status, headers }: Answer): void {
  expect([status, headers['www-authenticate']]).toEqual([401, undefined])
}

export const people: Chapter = {
  title: 'people',
  cases: [
    [
      'serves a person, and tells nobody to sign in, without a challenge',
      async (stage) => {
        expect(await asked(stage, '/me/tokens', 'Cookie: ada')).toMatchObject({ status: 200 })
        expectSignIn(await asked(stage, '/me/tokens'))
        expectSignIn(await asked(stage, '/me/tokens', 'Cookie: undefined'))
        const { bearer } = await stage.issue()
        expectSignIn(await asked(stage, '/me/tokens', bearer))
      },
    ],
    [
      'words a Problem of the app in the dialect',
      async (stage) => {
        for (const path of ['/me/tokens', '/mixed']) {
          const { status, body } = await asked(stage, path, 'Cookie: banned')
          expect([status, body]).toEqual([403, expect.stringContaining('Your account is closed.')])
          expect(JSON.parse(body)).toHaveProperty(path === '/mixed' ? 'code' : 'error')
        }
      },
    ],
    [
      'leaves a fault of the app to its handler: thrown, rejected, or a caller without scopes',
      async (stage) => {
        for (const path of ['/me/tokens', '/mixed']) {
          for (const cookie of ['fault', 'rejects', 'unscoped'])
            expect([path, cookie, (await asked(stage, path, `Cookie: ${cookie}`)).status]).toEqual([path, cookie, 500])
        }
      },
    ],
    [
      'takes the token first on a route for both, and a bad one never for the person',
      async (stage) => {
        const { bearer } = await stage.issue()
        const weak = await stage.issue({ scopes: [] })
        const statuses = [
          await asked(stage, '/mixed', bearer),
          await asked(stage, '/mixed', 'Cookie: ada'),
          await asked(stage, '/mixed', 'Cookie: ada', 'Authorization: Bearer nonsense'),
          await asked(stage, '/mixed', 'Cookie: ada', weak.bearer),
          await asked(stage, '/mixed', 'Cookie: weak'),
          await asked(stage, '/mixed', 'Cookie: weak', bearer),
          await asked(stage, '/mixed'),
        ].map(({ status }) => status)
        expect(statuses).toEqual([200, 200, 401, 403, 403, 200, 401])
      },
    ],
    [
      'refuses a change by a page of another site',
      async (stage) => {
        expect(await change(stage)).toMatchObject({ status: 201 })
        expect(await change(stage, 'Sec-Fetch-Site: same-origin')).toMatchObject({ status: 201 })
        expect(await change(stage, 'Sec-Fetch-Site: cross-site')).toMatchObject({ status: 403 })
        expect(await change(stage, 'Origin: https://evil.example')).toMatchObject({ status: 403 })
        expect(await change(stage, 'Origin: http://127.0.0.1')).toMatchObject({ status: 201 })
      },
    ],
  ],
}
