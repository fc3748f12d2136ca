import { expect } from 'vitest'
import type { Chapter, Stage } from '../stage/stage.ts'

const BARE = 'Bearer realm="api"'
const INVALID = 'Bearer error="invalid_token", error_description="The access token is not valid."'

/** The headers of a request, given the one with a token. */
type Headers = (bearer: string) => readonly string[]

/** Answers `/jobs` to a request with these headers. */
async function answers(stage: Stage, headers: Headers, path = '/jobs') {
  const { bearer } = await stage.issue()
  return stage.ask('GET', path, { headers: headers(bearer) })
}

const refused = (name: string, headers: Headers, challenge: string): Chapter['cases'][number] => [
  name,
  async (stage) => {
    const { status, headers: given, body } = await answers(stage, headers)
    expect([status, given['www-authenticate']]).toEqual([401, challenge])
    expect(given).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status: 401, code: expect.any(String) })
  },
]

export const bearer: Chapter = {
  title: 'bearer tokens and challenges',
  cases: [
    [
      'admits a token, and leaves an open route open',
      async (stage) => {
        expect(await stage.ask('GET', '/open')).toMatchObject({ status: 200 })
        const { status, body } = await answers(stage, (line) => [line])
        expect([status, JSON.parse(body)]).toEqual([200, { owner: expect.any(String) }])
      },
    ],
    [
      'takes any case of the scheme, and several spaces',
      async (stage) => {
        const forms: readonly Headers[] = [
          (line) => [line.replace('Bearer ', 'bearer ')],
          (line) => [line.replace('Bearer ', 'BEARER    ')],
          (line) => [line.toUpperCase().slice(0, 13) + line.slice(13)],
        ]
        for (const headers of forms) expect(await answers(stage, headers)).toMatchObject({ status: 200 })
      },
    ],
    refused('challenges nobody, without an error', () => [], BARE),
    refused('challenges another scheme alike', () => ['Authorization: Basic YTpi'], BARE),
    refused('refuses a bad token', () => ['Authorization: Bearer nonsense'], INVALID),
    refused('refuses a token with a comma and more', (line) => [`${line}, ${line.slice(15)}`], INVALID),
    [
      'never admits one of two Authorization headers, nor the person or nobody beside them',
      async (stage) => {
        const basic = 'Authorization: Basic YTpi'
        const pairs: readonly Headers[] = [
          (line) => [line, line],
          (line) => [line, 'Authorization: Bearer nonsense'],
          (line) => [line, basic],
          (line) => [basic, line],
          () => [basic, basic],
        ]
        for (const path of ['/jobs', '/optional', '/mixed'])
          for (const [at, pair] of pairs.entries()) {
            const { status } = await answers(stage, (line) => ['Cookie: ada', ...pair(line)], path)
            expect([path, at, [400, 401].includes(status) || status]).toEqual([path, at, true])
          }
      },
    ],
    [
      'names the missing scope',
      async (stage) => {
        const { bearer: line } = await stage.issue({ scopes: ['other'] })
        const { status, headers } = await stage.ask('GET', '/jobs', { headers: [line] })
        expect([status, headers['www-authenticate']]).toEqual([
          403,
          expect.stringMatching(/^Bearer error="insufficient_scope".*scope="jobs:read"/),
        ])
      },
    ],
    [
      'refuses a revoked token from the next request on',
      async (stage) => {
        const { bearer: line, id } = await stage.issue()
        expect(await stage.ask('DELETE', `/tokens/${id}`, { headers: [line] })).toMatchObject({ status: 200 })
        expect(await stage.ask('GET', '/jobs', { headers: [line] })).toMatchObject({ status: 401 })
      },
    ],
    [
      'admits nobody where a token is optional, but no bad token',
      async (stage) => {
        expect(JSON.parse((await stage.ask('GET', '/optional')).body)).toEqual({ owner: null })
        expect(await answers(stage, () => ['Authorization: Bearer nonsense'], '/optional')).toMatchObject({
          status: 401,
        })
      },
    ],
    [
      'answers HEAD like GET, without the body',
      async (stage) => {
        for (const path of ['/jobs', '/tokens']) {
          const head = await stage.ask('HEAD', path)
          expect([head.status, head.headers['www-authenticate'], head.body]).toEqual([401, BARE, ''])
        }
      },
    ],
    [
      'takes no token from the query unless the route says so, and makes that answer private',
      async (stage) => {
        const { secret } = await stage.issue()
        expect(await stage.ask('GET', `/jobs?access_token=${secret}`)).toMatchObject({ status: 401 })
        const { status, headers } = await stage.ask('GET', `/carried?access_token=${secret}`)
        expect([status, headers['cache-control']]).toEqual([200, 'private'])
      },
    ],
    [
      'takes the address of the connection for that of the client, and no header',
      async (stage) => {
        const near = await stage.issue({ networks: ['127.0.0.0/8'] })
        const far = await stage.issue({ networks: ['192.0.2.0/24'] })
        const forwarded = ['X-Forwarded-For: 192.0.2.1', 'X-Real-IP: 192.0.2.1', 'Forwarded: for=192.0.2.1']
        expect(await stage.ask('GET', '/networks', { headers: [near.bearer] })).toMatchObject({ status: 200 })
        expect(await stage.ask('GET', '/networks', { headers: [far.bearer, ...forwarded] })).toMatchObject({
          status: 401,
        })
        expect(await stage.ask('GET', '/jobs', { headers: [near.bearer] })).toMatchObject({ status: 401 })
      },
    ],
    [
      'takes the header that the app has set, and not one that it has deleted',
      async (stage) => {
        expect(await answers(stage, (line) => [`X-${line}`], '/edited')).toMatchObject({ status: 200 })
        expect(await answers(stage, (line) => [line], '/edited')).toMatchObject({ status: 401 })
        expect(await answers(stage, (line) => [line, 'X-Authorization: Bearer nonsense'], '/edited')).toMatchObject({
          status: 401,
        })
      },
    ],
    [
      'takes __proto__ for a header like any other',
      async (stage) => {
        expect(await answers(stage, (line) => ['__proto__: x', line, 'constructor: x'])).toMatchObject({ status: 200 })
        expect(await answers(stage, () => ['__proto__: x'])).toMatchObject({ status: 401 })
      },
    ],
  ],
}
