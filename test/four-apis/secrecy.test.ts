import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/four-apis/answer.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { forbiddenWords } from '../support/four-apis/forbidden-words.ts'

const form = [['Content-Type', 'application/x-www-form-urlencoded']] as const
const json = [['Content-Type', 'application/json']] as const

/** Requests with a secret in every place where one may turn up, rightly or by mistake. */
function requestsWith(secret: string, { facts, item, request }: ApiUnderTest): Buffer[] {
  const { list, protected: guarded, revoke = list } = facts
  const issue = (body: object) => request('POST', list, { headers: json, body: JSON.stringify(body) })
  return [
    ...[list, guarded, item(facts.tokens.valid.id)].map((path) => request('GET', path, { secret })),
    ...[item(secret), `${list}/x/${secret}`, `/${secret}`, `${list}?name=${secret}`].map((path) =>
      request('GET', path),
    ),
    ...['page', 'per_page', 'status', 'limit', 'cursor', 'account_id', 'sorting[field]', secret].map((name) =>
      request('GET', `${list}?${name}=${secret}`),
    ),
    request('DELETE', item(secret)),
    request('GET', list, { headers: [['Authorization', `Bearer ${secret}`]] }),
    request('GET', list, {
      headers: [
        ['Idempotency-Key', secret],
        ['Cookie', secret],
        ['X-Request-Id', secret],
      ],
    }),
    issue({ name: 1, scopes: [secret] }),
    issue({ name: 'CI', scopes: [secret] }),
    issue({ name: 'CI', scopes: [], [secret]: secret }),
    issue({ name: 'CI', scopes: [], [facts.tokens.valid.id]: secret, expiresAt: secret, expires_at: secret }),
    request('POST', list, { headers: json, body: `{"name":"${secret}` }),
    request('POST', list, { headers: [['Content-Type', secret]], body: secret }),
    request('POST', revoke, { headers: form, body: `token=${secret}x&token_type_hint=${secret}` }),
    request('POST', revoke, { headers: form, body: `token=${secret}&token=${secret}` }),
  ]
}

describeInMemory('a secret or digest', (four) => {
  const forbidden = () => forbiddenWords(four.announcement)

  describe.each(four.all)('of $name', (api) => {
    it('is in no answer, wherever a request has it', async () => {
      const words = forbidden()
      const { valid, revoked, otherOwner } = api.facts.tokens
      const requests = [valid, revoked, otherOwner].flatMap(({ secret }) => requestsWith(secret, api))
      const answers: Answer[] = []
      for (const request of requests) answers.push(await four.exchange(request))
      expect(answers.filter(({ status }) => status >= 500)).toEqual([])
      for (const { raw } of answers) expect(words.filter((word) => raw.includes(word))).toEqual([])
    })

    it('is in no list and no record, whatever the status of the token', async () => {
      const records = [...(await api.list()), await api.get(api.facts.tokens.revoked.id)]
      const text = JSON.stringify(records)
      expect(forbidden().filter((word) => text.includes(word))).toEqual([])
    })
  })
})
