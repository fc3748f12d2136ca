import type { Answer } from '../support/four-apis/answer.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { issuedIn } from './issued-token.ts'
import type { IssuedToken } from './issued-token.ts'

/** Repeats a call, through one process or another, until it is answered with this status. */
export type Acknowledged = (
  status: number,
  call: (api: ApiUnderTest, attempt: number) => Promise<Answer>,
) => Promise<Answer>

/** Ends the use of a secret; resolves when that is acknowledged, to the successor whose secret was told, if any. */
export type Ending = (token: IssuedToken, acknowledged: Acknowledged) => Promise<IssuedToken | null>

const FORM = ['Content-Type', 'application/x-www-form-urlencoded'] as const

/** Every change after which a secret must be refused, under the name that reports give it. */
export const ENDINGS: Readonly<Record<string, Ending>> = {
  async 'revocation by id'({ id }, acknowledged) {
    await acknowledged(200, (api) => api.call('DELETE', api.item(id)))
    return null
  },

  async 'revocation by secret'({ secret }, acknowledged) {
    const request = { secret: null, headers: [FORM], body: `token=${secret}` }
    await acknowledged(200, (api) => api.call('POST', api.facts.revoke ?? '', request))
    return null
  },

  async suspension({ id }, acknowledged) {
    await acknowledged(200, (api) => api.call('POST', `${api.item(id)}/suspend`))
    return null
  },

  async 'rotation without overlap'({ id, secret }, acknowledged) {
    const request = { headers: [['Idempotency-Key', id]], json: { overlapSeconds: 0 } } as const
    // An attempt whose answer was lost may have ended the secret that it was made with: the owner repeats the request.
    const answer = await acknowledged(201, (api, attempt) =>
      api.call('POST', rotationOf(api, id), attempt === 0 ? { ...request, secret } : request),
    )
    return answer.headers.has('idempotent-replayed') ? null : issuedIn(answer)
  },

  async 'first use of a successor'({ id, secret }, acknowledged) {
    const successor = issuedIn(await acknowledged(201, (api) => api.call('POST', rotationOf(api, id), { secret })))
    await acknowledged(200, (api) => api.call('GET', api.facts.protected, { secret: successor.secret }))
    return successor
  },
}

function rotationOf(api: ApiUnderTest, id: string): string {
  return `${api.item(id)}/rotate`
}
