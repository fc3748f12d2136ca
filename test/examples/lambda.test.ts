import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handler, tokens } from '../../examples/lambda/handler.js'
import { root } from '../support/run-process.ts'

const IP = '203.0.113.7'
const JSON_TYPE = { 'content-type': 'application/json' }

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** The values of `Authorization`, each a header of its own. */
  readonly authorization?: readonly string[]
  readonly body?: string
}

/** An event of the HTTP API and of a function URL: headers are joined, cookies stand apart. */
function http({ method, path, headers = {}, authorization = [], body }: Asked): object {
  const { cookie, ...others } = headers
  return {
    ...{ version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: '' },
    headers: {
      host: 'api.example.com',
      ...others,
      ...(authorization.length > 0 && { authorization: authorization.join(',') }),
    },
    ...(cookie !== undefined && { cookies: [cookie] }),
    requestContext: { domainName: 'api.example.com', stage: '$default', http: { method, path, sourceIp: IP } },
    ...(body !== undefined && { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
  }
}

/** An event of the REST API: the last value of a header, and all of them. */
function rest({ method, path, headers = {}, authorization = [], body }: Asked): object {
  const all = {
    Host: ['api.example.com'],
    ...lists(headers),
    ...(authorization.length > 0 && { Authorization: authorization }),
  }
  return {
    ...{
      resource: '/{proxy+}',
      path,
      httpMethod: method,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    },
    headers: Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: all,
    requestContext: { stage: 'prod', httpMethod: method, identity: { sourceIp: IP } },
    ...{ body: body ?? null, isBase64Encoded: false },
  }
}

/** An event of a load balancer with headers of several values. */
function balanced({ method, path, headers = {}, authorization = [], body }: Asked): object {
  const all = { host: ['api.example.com'], 'x-forwarded-for': [IP], ...lists(headers) }
  return {
    ...{ path, httpMethod: method, multiValueQueryStringParameters: {} },
    multiValueHeaders: { ...all, ...(authorization.length > 0 && { authorization }) },
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/a/b' } },
    ...{ body: body ?? '', isBase64Encoded: false },
  }
}

function lists(headers: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
}

interface Answer {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly body: string
}

describe('examples/lambda', () => {
  beforeAll(() => void (process.env.SESSION = 'ada'))
  afterAll(() => void delete process.env.SESSION)

  it('is shorter than 40 lines', () => {
    const source = readFileSync(join(root, 'examples/lambda/handler.js'), 'utf8')
    expect(source.trimEnd().split('\n').length).toBeLessThan(40)
  })

  it.each([
    ['the HTTP API, and a function URL', http],
    ['the REST API', rest],
    ['a load balancer', balanced],
  ])('serves events of %s', async (_, eventOf) => {
    const ask = async (asked: Asked) => (await handler(eventOf(asked) as never)) as Answer
    const jobs = (...authorization: readonly string[]) => ask({ method: 'GET', path: '/jobs', authorization })
    const headers = { cookie: 'session=ada', ...JSON_TYPE }
    const body = JSON.stringify({ name: 'CI', scopes: ['jobs:read'], networks: [`${IP}/32`] })
    const issued = await ask({ method: 'POST', path: '/tokens', headers, body })
    const { secret, token } = JSON.parse(issued.body) as { secret: string; token: { id: string } }
    expect(issued.statusCode).toBe(201)

    const served = await jobs(`Bearer ${secret}`)
    expect([served.statusCode, JSON.parse(served.body)]).toEqual([200, { jobs: [], owner: 'acme' }])
    // It was written before the handler resolved.
    expect((await tokens.get('acme', token.id))?.lastUsedAt).not.toBeNull()
    const nobody = await jobs()
    const challenge = nobody.headers?.['www-authenticate'] ?? nobody.multiValueHeaders?.['www-authenticate']?.[0]
    expect([nobody.statusCode, challenge]).toEqual([401, 'Bearer realm="api"'])
    expect((await jobs('Basic YTpi', `Bearer ${secret}`)).statusCode).toBe(400)
    expect((await ask({ method: 'GET', path: '/tokens' })).statusCode).toBe(401)
    await ask({ method: 'DELETE', path: `/tokens/${token.id}`, headers })
    expect((await jobs(`Bearer ${secret}`)).statusCode).toBe(401)
  })
})
