import { METHODS } from 'node:http'
import { expect, it } from 'vitest'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

/** The paths of an API with the methods that each serves; M-SEARCH and the like are as wrong as any other. */
const paths = (api: ApiUnderTest) => [
  { path: api.facts.list, allow: ['GET', 'HEAD', 'POST'] },
  { path: api.item(api.facts.tokens.valid.id), allow: ['DELETE', 'GET', 'HEAD', 'PATCH'] },
  ...['rotate', 'suspend', 'resume'].map((action) => ({
    path: `${api.item(api.facts.tokens.valid.id)}/${action}`,
    allow: ['POST'],
  })),
  { path: api.facts.protected, allow: api.name === 'plain' ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'] },
]

describeInMemory('a method', (four) => {
  it.each(four.all)('that $name does not serve is 405 and says which it does', async (api) => {
    for (const { path, allow } of paths(api)) {
      // CONNECT asks for a tunnel: to Node it is no request for a path.
      for (const method of METHODS.filter((each) => each !== 'CONNECT' && !allow.includes(each))) {
        const answer = await api.call(method, path)
        if (method === 'HEAD') expect(answer).toMatchObject({ status: 405, body: '' })
        else expectFault(answer, api, 'methodNotAllowed')
        expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(allow)
      }
    }
  })

  it.each(four.all)('in $name is served by HEAD where GET is', async (api) => {
    for (const { path } of paths(api).filter(({ allow }) => allow.includes('GET'))) {
      const head = await api.call('HEAD', path)
      expect(head.status).toBe(200)
      expect(head.headers.get('content-type')).toBe('application/json; charset=utf-8')
    }
    expect(await api.call('HEAD', api.facts.list, { secret: null })).toMatchObject({ status: 401 })
  })
})

describeInMemory('a path', (four) => {
  const unknown = ['/', '/api', '/v1', '/v2/tokens', '/api/public/v1', '/.env', '/%FF', '/%', '/%E0%A4%A', '//']

  it.each(unknown)('%j that the server does not know is a JSON 404', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const answer = await four.apis.plain.call(method, path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(JSON.parse(answer.body)).toEqual({ error: { code: 'not_found', message: 'There is nothing here.' } })
    }
  })

  it.each(four.all)('below a token of $name is not repeated in its 404', async (api) => {
    const { id, secret } = api.facts.tokens.valid
    for (const path of [`${api.item(id)}/${secret}`, `${api.facts.list}/${id}/x/${secret}`, `/${secret}?${secret}`]) {
      const answer = await api.call('GET', path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.raw).not.toContain(secret)
      expect(answer.raw).not.toContain(id)
    }
  })

  it.each(four.all)(
    'of $name that cannot be decoded is closed without credentials and unknown with them',
    async (api) => {
      for (const id of ['%FF', '%', '%E0%A4%A', '%c0%af']) {
        expectFault(await api.call('GET', api.item(id), { secret: null }), api, 'unauthenticated')
        expectFault(await api.call('GET', `${api.item(id)}?a=%20&b=%`), api, 'malformedId')
      }
    },
  )

  it.each(four.all)('of $name may end in a slash', async (api) => {
    expect(await api.call('GET', `${api.facts.list}/`)).toMatchObject({ status: 200 })
    expect(await api.call('GET', `${api.item(api.facts.tokens.valid.id)}/`)).toMatchObject({ status: 200 })
    expect(await api.call('POST', `${api.item(api.facts.tokens.valid.id)}/resume/`)).toMatchObject({ status: 200 })
  })
})
