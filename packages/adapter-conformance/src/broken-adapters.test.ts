import { buffer } from 'node:stream/consumers'
import { nodeHeaders, readStream } from '@tessera/http'
import type { GateRequest, HttpRequest } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { nodeAdapter } from './stage/reference.ts'
import type { Parts } from './stage/reference.ts'
import { chapters } from './chapters/chapters.ts'
import { openStage } from './stage/stage.ts'

/** The names of the cases that an adapter fails, of those with such a name. */
async function failedBy(wrong: Partial<Parts>, title: RegExp, serve = nodeAdapter(wrong)): Promise<readonly string[]> {
  const cases = chapters.flatMap((chapter) => chapter.cases).filter(([name]) => title.test(name))
  const stage = await openStage({ serve })
  const failed: string[] = []
  try {
    for (const [name, run] of cases) await run(stage).catch(() => failed.push(name))
  } finally {
    await stage.close()
  }
  return failed
}

/** An adapter that takes no wrong option for one. */
const forgiving: ReturnType<typeof nodeAdapter> = (fixture) => nodeAdapter()({ ...fixture, onError: () => {} })

/** A person found before the gate is asked, as many an app does it. */
async function foundBefore(request: HttpRequest): Promise<HttpRequest> {
  return {
    ...request,
    caller: typeof request.caller === 'function' ? (await request.caller()) || null : request.caller,
  }
}

function without<Value extends object, Name extends keyof Value>(value: Value, name: Name): Omit<Value, Name> {
  const { [name]: _, ...rest } = value
  return rest
}

function callerOfFirst(): Parts['gated'] {
  let first: Pick<GateRequest, 'caller'> | undefined
  return (request) => {
    first ??= { caller: request.caller }
    return { ...request, ...first }
  }
}

const joined: Parts['headers'] = ({ headers }) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value === undefined ? [] : [String(value)]]))

const joinedWithCommas: Parts['headers'] = (req) =>
  Object.fromEntries(Object.entries(nodeHeaders(req)).map(([name, values]) => [name, values && [values.join(', ')]]))

const asArrived: Parts['headers'] = ({ rawHeaders = [] }) => {
  const headers: Record<string, string[]> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = String(rawHeaders[at]).toLowerCase()
    headers[name] = [...(headers[name] ?? []), String(rawHeaders[at + 1])]
  }
  return headers
}

const shared: { headers?: HttpRequest['headers'] } = {}

const broken: readonly (readonly [string, Partial<Parts>, RegExp])[] = [
  ['reads the first of two Authorization headers', { headers: joined }, /two Authorization/],
  ['joins two Authorization headers to one', { headers: joinedWithCommas }, /two Authorization/],
  ['reads headers as they arrived', { headers: asArrived }, /that the app has set/],
  ['keeps headers in a plain object', { headers: asArrived }, /__proto__/],
  ['reads bodies to their end', { body: (req) => buffer(req) }, /without an end/],
  ['reads no body', { body: async () => undefined }, /201: JSON$/],
  ['undoes no coding, and says that it did', { body: (req) => readStream(req) }, /415: an unknown coding/],
  ['undoes codings, and does not say so', { decoded: false }, /201: JSON in gzip/],
  ['takes a header for the address', { ip: ({ headers }) => String(headers['x-real-ip']) }, /address/],
  ['knows no address', { ip: () => undefined }, /address/],
  ['takes every request for optional', { options: (options) => ({ ...options, optional: true }) }, /challenges nobody/],
  ['forgets the scopes', { options: (options) => without(options, 'scopes') }, /missing scope/],
  ['takes tokens from every query', { options: (options) => ({ ...options, carriers: { query: true } }) }, /the query/],
  ['gives challenges its own realm', { options: (options) => ({ ...options, realm: 'own' }) }, /challenges nobody/],
  ['does not tell the app', { options: (options) => ({ ...options, onError: () => {} }) }, /503/],
  ['finds the person of another request', { gated: callerOfFirst() }, /token first/],
  ['finds the person before the dialect words', { request: foundBefore }, /words a Problem/],
  ['forgets where it is mounted', { request: (request) => without(request, 'mount') }, /its place/],
  ['hands on no parameters', { request: (request) => ({ ...request, params: {} }) }, /parameters/],
  ['decodes the path', { pathname: (path) => path.replaceAll('%2F', '/') }, /beside and below/],
  [
    'gives an empty answer a type',
    { answer: ({ headers, ...rest }) => ({ ...rest, headers: { 'Content-Type': 'text/plain', ...headers } }) },
    /OAuth endpoints/,
  ],
  [
    'drops Allow',
    { answer: (answer) => ({ ...answer, headers: without(answer.headers, 'Allow') }) },
    /methods of this mount/,
  ],
  [
    'drops Cache-Control',
    { answer: (answer) => ({ ...answer, headers: without(answer.headers, 'Cache-Control') }) },
    /query/,
  ],
  [
    'takes a store failure for a bad token',
    { answer: (answer) => (answer.status === 503 ? { ...answer, status: 401 } : answer) },
    /503/,
  ],
  ['overlooks dots', { pathname: (path) => path.replace(/\/(?:\.|%2e){2}\/open$/i, '') }, /dots/],
  [
    'answers OPTIONS itself',
    { answer: (answer, req) => (req.method === 'OPTIONS' ? { status: 204, headers: {}, body: '' } : answer) },
    /^OPTIONS/,
  ],
  [
    'takes tokens from every form',
    {
      options: (options) => ({ ...options, carriers: { form: true } }),
      gated: (request, req) => ({ ...request, form: () => buffer(req) }),
    },
    /none .*access_token/,
  ],
  [
    'adds to the words of a dialect',
    { answer: ({ body, ...rest }) => ({ ...rest, body: `${body}\n` }) },
    /^GET .tokens$/,
  ],
  [
    'drops a header of an answer',
    { answer: (answer) => ({ ...answer, headers: without(answer.headers, 'Accept') }) },
    /name=CD/,
  ],
  ['answers a fault with 401', { fault: () => ({ status: 401, headers: {}, body: '' }) }, /fault of the app/],
  [
    'answers other sites',
    { headers: (req) => ({ ...joined(req), 'sec-fetch-site': undefined, origin: undefined }) },
    /another site/,
  ],
  [
    'answers with headers of the first request',
    { headers: (req) => (shared.headers ??= joined(req)) },
    /mixes no owners/,
  ],
]

describe('the suite', () => {
  it.each(broken)('notices an adapter that %s', async (_title, wrong, title) => {
    expect(await failedBy({}, title)).toEqual([])
    expect(await failedBy(wrong, title)).not.toEqual([])
  })
  it('notices an adapter that takes wrong options', async () => {
    expect(await failedBy({}, /wrong option/, forgiving)).toHaveLength(1)
  })
})
