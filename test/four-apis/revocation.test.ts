import { METHODS } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/four-apis/answer.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'

const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const

describeInMemory(
  'the RFC 7009 endpoint of plain',
  (four) => {
    const api = four.apis.plain
    const path = (): string => api.facts.revoke ?? ''
    const send = (body: string, type: readonly [string, string] = form): Promise<Answer> =>
      api.call('POST', path(), { secret: null, headers: [type], body })
    const expectDone = ({ status, body, headers }: Answer): void => {
      expect({ status, body, cache: headers.get('cache-control') }).toEqual({
        status: 200,
        body: '',
        cache: 'no-store',
      })
    }

    it('revokes the token whose secret it is given, at once, whoever asks', async () => {
      const { secret, record } = await api.issue()
      expectDone(await send(`token=${secret}`))
      expect(await api.statusOf(secret)).toBe(401)
      expect(await api.get(record.id)).toMatchObject({ status: 'revoked' })
    })

    it('answers unknown, malformed and already revoked ones alike', async () => {
      const { tokens } = api.facts
      const before = await api.get(tokens.revoked.id)
      const unknown = `${tokens.valid.secret.slice(0, -1)}_`
      const others = four.all.map((each) => each.facts.tokens.caller.id)
      for (const token of [tokens.revoked.secret, tokens.expired.secret, unknown, 'x', 'x'.repeat(90_000), ...others]) {
        expectDone(await send(`token=${encodeURIComponent(token)}`))
      }
      expect(await api.get(tokens.revoked.id)).toEqual(before)
    })

    it('takes no id, and no secret of another API', async () => {
      for (const { facts, statusOf } of four.all) {
        expectDone(await send(`token=${facts.tokens.caller.id}`))
        if (facts.list !== api.facts.list) expectDone(await send(`token=${facts.tokens.caller.secret}`))
        expect(await statusOf(facts.tokens.caller.secret)).toBe(200)
      }
    })

    it.each(['access_token', 'refresh_token', 'nonsense', ''])('takes the hint %j, like any other', async (hint) => {
      const { secret } = await api.issue()
      expectDone(await send(`token=${secret}&token_type_hint=${hint}`))
      expect(await api.statusOf(secret)).toBe(401)
    })

    it('does not mind a credential, whatever it is', async () => {
      const { secret } = await api.issue()
      const headers = [form, ['Authorization', 'Bearer nonsense'], ['Authorization', 'Basic x']] as const
      expectDone(await api.call('POST', path(), { secret: null, headers, body: `token=${secret}` }))
      expect(await api.statusOf(secret)).toBe(401)
    })

    describe('answers 400 invalid_request', () => {
      it.each([
        '',
        'token=',
        'token',
        'x=1',
        'token_type_hint=access_token',
        'Token=x',
        'token[]=x',
        'token=a&token=b',
      ])('for the body %j', async (body) => {
        const answer = await send(body || ' ')
        expect(answer.status).toBe(400)
        expect(JSON.parse(answer.body)).toEqual({ error: 'invalid_request' })
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      })

      it('for a token in the query, which stays valid', async () => {
        const { secret } = await api.issue()
        const answer = await api.call('POST', `${path()}?token=${secret}`, {
          secret: null,
          headers: [form],
          body: 'a=b',
        })
        expect(answer.status).toBe(400)
        expect(answer.raw).not.toContain(secret)
        expect(await api.statusOf(secret)).toBe(200)
      })

      it('for the right token given twice, which stays valid', async () => {
        const { secret } = await api.issue()
        expect(await send(`token=${secret}&token=${secret}`)).toMatchObject({ status: 400 })
        expect(await api.statusOf(secret)).toBe(200)
      })
    })

    it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])('refuses %s', async (type) => {
      const { secret } = await api.issue()
      const answer = await send(JSON.stringify({ token: secret }), ['Content-Type', type])
      expect(answer.status).toBe(415)
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(await api.statusOf(secret)).toBe(200)
    })

    it('refuses a form of more than 102,400 bytes', async () => {
      expect(await send(`token=${'x'.repeat(102_400)}`)).toMatchObject({ status: 413 })
    })

    it('serves POST and no other method', async () => {
      for (const method of METHODS.filter((each) => each !== 'CONNECT' && each !== 'POST')) {
        const answer = await api.call(method, path(), { secret: null, headers: [form], body: 'token=x' })
        expect({ method, status: answer.status, allow: answer.headers.get('allow') }).toEqual({
          method,
          status: 405,
          allow: 'POST',
        })
      }
    })
  },
  '--active-limit',
  '0',
)
