import { describe, expect, it } from 'vitest'
import { parseJson } from '../support/four-apis/answer.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { describeFourApis } from '../support/four-apis/describe-four-apis.ts'
import { expectFault } from '../support/four-apis/expect-fault.ts'

/** Has a token rotate itself, as whoever found its secret may. */
async function rotateItself(api: ApiUnderTest, id: string, secret: string): Promise<string> {
  const answer = await api.call('POST', `${api.item(id)}/rotate`, { secret })
  return parseJson<{ secret: string }>(answer).secret
}

describeFourApis(
  'what a leaked secret opens',
  (four) => {
    describe.each(four.all)('in $name', (api) => {
      it('ends with the token that revokes itself, while others rotate it', async () => {
        const { record, secret } = await api.issue()
        const rotating = Array.from({ length: 5 }, () => api.call('POST', `${api.item(record.id)}/rotate`, { secret }))
        const revoking = api.call('DELETE', api.item(record.id), { secret })
        const answers = await Promise.all(rotating)
        expect((await revoking).status).toBe(200)
        const stolen = answers.filter(({ status }) => status === 201)
        for (const answer of stolen) {
          const successor = parseJson<{ secret: string }>(answer).secret
          expect(await api.statusOf(successor)).toBe(401)
        }
        expect(await api.statusOf(secret)).toBe(401)
      })

      it('leaves another successor to whoever revoked the unused one', async () => {
        const { record, secret } = await api.issue()
        const lost = await api.rotate(record.id)
        await api.call('DELETE', api.item(lost.record.id))
        const another = await api.rotate(record.id)
        expect(await api.statusOf(secret)).toBe(200)
        expect(await api.statusOf(another.secret)).toBe(200)
        expect(await api.statusOf(secret)).toBe(401)
      })

      it('leaves the running client alone if the successor is rotated before its first use', async () => {
        const { record, secret } = await api.issue()
        const second = await api.rotate(record.id)
        const third = await api.rotate(second.record.id)
        expect(await api.statusOf(secret)).toBe(200)
        expect(await api.statusOf(third.secret)).toBe(200)
        for (const ended of [secret, second.secret]) expect(await api.statusOf(ended)).toBe(401)
      })

      it('is not told again of a successor that was suspended or revoked', async () => {
        for (const end of ['suspend', 'revoke'] as const) {
          const { record, secret } = await api.issue()
          const key = { headers: [['Idempotency-Key', `rotate-${api.name}-${end}`]] } as const
          const path = `${api.item(record.id)}/rotate`
          const { id } = api.recordIn(await api.call('POST', path, { secret, ...key }))
          if (end === 'suspend') await api.call('POST', `${api.item(id)}/suspend`)
          else await api.call('DELETE', api.item(id))
          const again = await api.call('POST', path, { secret, ...key })
          expectFault(again, api, 'illegalTransition', { details: { rotatedTo: id } })
        }
      })
    })

    it('ends with the token that the revocation endpoint revokes', async () => {
      const api = four.apis.plain
      const { record, secret } = await api.issue()
      const successor = await rotateItself(api, record.id, secret)
      const form = {
        headers: [['Content-Type', 'application/x-www-form-urlencoded']] as const,
        body: `token=${secret}`,
      }
      const answer = await api.call('POST', '/api/agent/identity/revoke', { secret: null, ...form })
      expect(answer.status).toBe(200)
      for (const ended of [secret, successor]) expect(await api.statusOf(ended)).toBe(401)
    })
  },
  ...['--active-limit', '0', '--cache', 'confirmed'],
)
