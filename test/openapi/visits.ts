import type { Parameter } from '@tessera/http'
import type { OpenApiDocument } from '@tessera/openapi'
import { FORM, bodyOf, mediaTypeOf, parametersIn } from './documented.ts'
import type { Documented } from './documented.ts'
import type { Cast, Visit } from './stage.ts'

const GOOD: Readonly<Record<string, object>> = {
  IssueToken: { name: 'CI', scopes: [] },
  EditToken: { name: 'Edited' },
  RevokeTokens: { createdBy: 'nobody' },
}

/** Of an operation that takes a form. */
const WITH_FORM: readonly Visit[] = [
  {},
  { body: 'token=unknown' },
  { body: 'token=' },
  { body: `token=${'x'.repeat(110_000)}` },
  { body: '{}', headers: [['Content-Type', 'application/json']] },
  { headers: [['Content-Encoding', 'zz']] },
]

const WITH_BODY: readonly Visit[] = [
  { body: '{' },
  { body: '[]' },
  { body: `{"name":"${'x'.repeat(110_000)}"}` },
  { body: 'name=CI', headers: [['Content-Type', 'text/plain']] },
  { json: {}, headers: [['Content-Encoding', 'zz']] },
  { json: {} },
  { json: { unknown: 1 } },
  { json: { name: 'CI', scopes: [], attributes: {} } },
  { json: { name: 1, scopes: 'all' } },
]

/** Requests that bring about every answer of an operation: those that it declares, and any others. */
export async function visitsTo(asked: Documented, document: OpenApiDocument, cast: Cast): Promise<readonly Visit[]> {
  if (mediaTypeOf(asked) === FORM) return [...WITH_FORM, ...(cast.forms?.visits ?? [])]
  const { secrets, owner, crowded, target } = cast
  const body = bodyOf(asked)
  const hasId = asked.path.includes('{id}')
  const repeated = { id: (await target()).id, key: `${asked.operation.operationId}-once` }
  const wide = { scopes: document.components.schemas['Scope']?.['enum'] }
  return [
    {},
    repeated,
    repeated,
    { ...repeated, secret: secrets.manage },
    { key: cast.usedKey },
    { key: 'with a space' },
    { key: 'one', headers: [['Idempotency-Key', 'another']] },
    { headers: [['Authorization', 'Bearer another']] },
    { headers: [['Sec-Fetch-Site', 'cross-site']] },
    { query: '?unknown=1' },
    { secret: null },
    { secret: secrets.revoked },
    { secret: secrets.nothing },
    { secret: secrets.crowded, owner: crowded, id: cast.displaced, key: 'one-more' },
    ...[crowded, 'nobody'].map((each) => ({ owner: each })),
    ...parametersIn(asked, document).flatMap((parameter) => wrongValues(parameter, owner, crowded)),
    ...(hasId
      ? [{ id: cast.ended }, { id: cast.unknown }, { id: 'not-an-id' }, { ...(await target()), id: 'self' }]
      : []),
    ...(body === undefined ? [] : WITH_BODY),
    ...(body === 'IssueToken' || body === 'RotateToken'
      ? [{ secret: secrets.crowded, owner: crowded, id: cast.displaced }]
      : []),
    ...(body === 'RotateToken' ? [{ secret: secrets.manage }, { secret: secrets.brief }] : []),
    ...(body === 'IssueToken' ? [{ secret: secrets.manage, json: { ...GOOD[body], ...wide } }] : []),
    ...(body === 'RevokeTokens' ? [{ json: { issuedBy: cast.ended, exceptId: 'self' } }] : []),
    ...(body === 'EditToken'
      ? [
          { secret: secrets.manage, id: (await target([])).id, json: wide },
          { secret: secrets.brief, id: (await target([])).id, json: wide },
        ]
      : []),
  ]
}

/** The JSON of a request, if it has any. */
export function jsonOf(asked: Documented, { json, body }: Visit): unknown {
  return json ?? (body === undefined ? GOOD[bodyOf(asked) ?? ''] : undefined)
}

function wrongValues({ name, in: place }: Parameter, owner: string, crowded: string): readonly Visit[] {
  if (place !== 'query') return []
  const named = encodeURIComponent(name)
  return ['', 'wrong', owner, crowded, `1&${named}=1`].map((value) => ({ query: `?${named}=${value}` }))
}
