import { expect } from 'vitest'
import type { Answer } from '../stage/exchange.ts'
import { CLIENT, METADATA_PATH } from '../stage/fixture.ts'
import type { Case, Chapter, Stage } from '../stage/stage.ts'

const ORG = '11111111-1111-4111-8111-111111111111'
const OTHER = '22222222-2222-4222-8222-222222222222'
const JSON_TYPE = 'Content-Type: application/json'
const FORM = 'Content-Type: application/x-www-form-urlencoded'
const NEW = '{"name":"CD","scopes":["jobs:read"]}'

/** The headers of Tessera. The others are the framework's. */
const DECIDED = [
  ...['content-type', 'cache-control', 'www-authenticate', 'location', 'allow', 'accept', 'accept-encoding'],
  ...['retry-after', 'idempotent-replayed', 'tessera-secret'],
]

interface Request {
  /** Default a token with `jobs:read`, and its header. */
  readonly token?: 'none' | 'weak' | 'far'
  readonly headers?: readonly string[]
  readonly body?: string
}

/** Compares the answer to a request with that of the reference. `:id` and `:secret` stand for a new token. */
function row(method: string, path: string, { token, headers = [], body }: Request = {}): Case {
  async function ask(stage: Stage): Promise<object> {
    const issued = await stage.issue({
      owner: ORG,
      ...(token === 'weak' && { scopes: [] }),
      ...(token === 'far' && { networks: ['192.0.2.0/24'] }),
    })
    const filled = (text: string) => text.replaceAll(':id', issued.id).replaceAll(':secret', issued.secret)
    const answer = await stage.ask(method, filled(path), {
      headers: [...(token === 'none' ? [] : [issued.bearer]), ...headers.map(filled)],
      ...(body !== undefined && { body: filled(body) }),
    })
    // So that lists are of one token.
    await stage.fixture.tokens.revokeAll(ORG)
    return comparable(answer)
  }
  const beside = [token, ...headers, body?.slice(0, 40)].filter((each) => each !== undefined)
  return [
    [method, path, ...beside].join(' '),
    async (stage) => expect(await ask(stage)).toEqual(await ask(await stage.reference())),
  ]
}

/** An answer but for ids, secrets and times. */
function comparable({ status, headers, body }: Answer): object {
  const decided = DECIDED.map((name) => [name, headers[name] && withoutIds(headers[name])])
  return { status, ...Object.fromEntries(decided), body: withoutIds(body) }
}

function withoutIds(text: string): string {
  return (
    text
      .replaceAll(/acme_pat_[\w*]+/g, 'SECRET')
      .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'ID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/"(iat|exp|nbf)":\d+/g, '"$1":TIME')
      // A use is recorded after its answer.
      .replaceAll(/"(last[a-zA-Z_]*)":(?:null|"TIME")/g, '"$1":TIME')
  )
}

const post = (path: string, body: string, ...headers: readonly string[]) =>
  row('POST', path, { headers: [JSON_TYPE, ...headers], body })
const person = (method: string, path: string, body?: string, ...headers: readonly string[]) =>
  row(method, path, {
    token: 'none',
    headers: ['Cookie: ada', JSON_TYPE, ...headers],
    ...(body !== undefined && { body }),
  })
const form = (path: string, body: string) => row('POST', path, { token: 'none', headers: [FORM], body })

export const sameAnswers: Chapter = {
  title: 'answers as everywhere',
  cases: [
    row('GET', '/jobs', { token: 'none' }),
    row('HEAD', '/jobs', { token: 'none' }),
    row('GET', '/jobs', { token: 'none', headers: ['Authorization: Bearer'] }),
    row('GET', '/jobs', { token: 'none', headers: ['Authorization: Bearer :id'] }),
    row('GET', '/jobs', { token: 'weak' }),
    row('GET', '/optional', { token: 'none', headers: ['Authorization: Bearer x'] }),
    row('GET', '/carried?access_token=x', { token: 'none' }),
    row('GET', '/carried?access_token=:secret'),
    row('GET', '/networks', { token: 'far' }),
    row('GET', '/mixed', { token: 'none' }),
    row('GET', '/mixed', { token: 'none', headers: ['Cookie: weak'] }),
    row('GET', '/mixed', { token: 'none', headers: ['Cookie: banned'] }),
    row('GET', '/mixed', { token: 'weak', headers: ['Cookie: ada'] }),
    row('GET', '/tokens'),
    row('HEAD', '/tokens'),
    row('GET', '/tokens', { token: 'none' }),
    row('GET', '/tokens?page=0'),
    row('GET', '/tokens/:id'),
    row('GET', '/tokens/self'),
    row('GET', `/tokens/${OTHER}`),
    row('GET', '/tokens/x'),
    row('PUT', '/tokens', { headers: [JSON_TYPE], body: '{}' }),
    row('PUT', '/tokens/:id'),
    row('OPTIONS', '/tokens'),
    row('OPTIONS', '/tokens', { token: 'none' }),
    post('/tokens', NEW),
    post('/tokens', NEW, 'Idempotency-Key: "a"'),
    post('/tokens', NEW, 'Idempotency-Key: a b'),
    post('/tokens', '{"name":"CD","scopes":["admin"]}'),
    post('/tokens', '{"name":"","scopes":[]}'),
    post('/tokens', '{"name":"CD"}'),
    post('/tokens', '{"name":'),
    post('/tokens', '[]'),
    post('/tokens', 'x'.repeat(102_401)),
    row('POST', '/tokens'),
    row('POST', '/tokens', { headers: [FORM], body: 'name=CD' }),
    row('POST', '/tokens', { headers: [JSON_TYPE, 'Content-Encoding: zz'], body: NEW }),
    row('POST', '/tokens', { token: 'none', headers: [FORM], body: 'access_token=:secret' }),
    row('PATCH', '/tokens/:id', { headers: [JSON_TYPE], body: '{"name":"renamed"}' }),
    row('PATCH', '/tokens/:id', { headers: [JSON_TYPE], body: '{"nane":"renamed"}' }),
    row('POST', '/tokens/:id/rotate'),
    row('POST', '/tokens/self/rotate'),
    row('POST', '/tokens/:id/suspend'),
    row('POST', '/tokens/:id/resume'),
    row('DELETE', '/tokens/:id'),
    row('DELETE', `/tokens/${OTHER}`),
    person('GET', `/me/tokens/${OTHER}`),
    person('POST', '/me/tokens', NEW),
    person('POST', '/me/tokens', NEW, 'Sec-Fetch-Site: cross-site'),
    person('GET', '/me/tokens/self'),
    row('GET', '/me/tokens', { token: 'none' }),
    row('GET', '/me/tokens', { token: 'none', headers: ['Cookie: banned'] }),
    row('GET', `/orgs/${ORG}/api-tokens`),
    row('GET', `/orgs/${OTHER}/api-tokens`),
    row('GET', '/orgs/acme/api-tokens'),
    row('GET', `/orgs/${ORG}/api-tokens`, { token: 'none' }),
    form('/oauth/revoke', 'token=:secret'),
    form('/oauth/revoke', ''),
    form('/oauth/revoke', 'token=a&token=b'),
    row('GET', '/oauth/revoke'),
    form(
      '/oauth/introspect',
      `token=:secret&client_id=${CLIENT.id}&client_secret=${encodeURIComponent(CLIENT.secret)}`,
    ),
    form('/oauth/introspect', 'token=:secret'),
    row('GET', METADATA_PATH, { token: 'none' }),
    row('POST', METADATA_PATH, { token: 'none' }),
  ],
}
