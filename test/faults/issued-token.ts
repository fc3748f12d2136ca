import { parseJson } from '../support/four-apis/answer.ts'
import type { Answer } from '../support/four-apis/answer.ts'

export interface IssuedToken {
  readonly id: string
  readonly secret: string
}

/** The token in an answer that tells its secret. */
export function issuedIn(answer: Answer): IssuedToken {
  const { secret, token } = parseJson<{ secret: string; token: { id: string } }>(answer)
  return { id: token.id, secret }
}
