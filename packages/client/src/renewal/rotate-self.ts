import { call, inTime } from '../call/call.ts'
import type { CallOptions, Calling } from '../call/call.ts'
import { isSecret } from '../credential/credential.ts'
import type { Credential, OwnSecret } from '../credential/credential.ts'
import type { Gate } from '../credential/gate.ts'
import { checkInstants, checkNames } from '../wire/check-names.ts'
import { ClientError } from '../wire/client-error.ts'
import { readToken } from '../wire/read-token.ts'
import type { Token } from '../wire/token.ts'
import { shared } from './shared.ts'

export interface RotateSelfOptions {
  /**
   * How long the old secret is accepted, unless the new one is used before: the time to come back in after a crash. 60 to
   * 2,592,000 seconds. Default 604,800: 7 days.
   */
  readonly overlapSeconds?: number | undefined
  /** The expiry of the successor, no later than the token's; `null` for none. Default that of the token. */
  readonly expiresAt?: Date | null | undefined
}

/** Keeps a new secret. The client uses it once this has resolved. */
export type StoreSecret = (secret: string) => unknown

export type RotateSelf = (options?: RotateSelfOptions, callOptions?: CallOptions) => Promise<Token>

interface Successor {
  readonly token: Token
  readonly secret: string
}

const WEEK_SECONDS = 604_800
const MONTH_SECONDS = 2_592_000
const NAMES: Readonly<Record<keyof RotateSelfOptions, true>> = { overlapSeconds: true, expiresAt: true }

/**
 * The rotation of the client's own token. The request has no idempotency key: the server answers the same old secret with
 * the same new one, until the first use of the new one. So a repetition needs only the old secret, and it is stored.
 *
 * It runs alone among the calls that make tokens: the server keeps the secret of a new token for one secret only, and a
 * token with a successor may issue none that outlives the overlap.
 */
export function selfRotation(calling: Calling, own: OwnSecret, gate: Gate, store: StoreSecret): RotateSelf {
  async function successorOf(header: string, body: RotateSelfOptions): Promise<Successor> {
    const fixed: Credential = { header: async () => header, isRenewed: async () => false }
    const { body: answer } = await call(calling, fixed, { method: 'POST', path: '/self/rotate', body }, {})
    const token = readToken(answer['token'])
    const { secret } = answer
    if (!isSecret(secret)) throw new ClientError('unexpected_answer', 'The answer has no new secret.')
    await store(secret)
    return { token, secret }
  }

  const rotate = shared(
    async (body: RotateSelfOptions): Promise<Token> =>
      gate.alone(async () => {
        const header = await own.header()
        try {
          const { token, secret } = await inTime(calling, {}, async () => successorOf(header, body))
          own.replace(secret)
          return token
        } catch (error) {
          const isRefused = error instanceof ClientError && error.status === 401
          if (!isRefused || !(await own.isRenewed(header))) throw error
          // Another process has rotated it.
          const { body: answer } = await call(calling, own, { method: 'GET', path: '/self' }, {})
          return readToken(answer['token'])
        }
      }),
  )

  return async (options = {}, callOptions = {}) => {
    checkNames('rotateSelf', options, NAMES)
    checkInstants('rotateSelf', options)
    const { overlapSeconds = WEEK_SECONDS } = options
    if (!Number.isInteger(overlapSeconds) || overlapSeconds < 60 || overlapSeconds > MONTH_SECONDS)
      throw new TypeError(`rotateSelf: "overlapSeconds" must be a whole number from 60 to ${MONTH_SECONDS}`)
    return inTime(calling, callOptions, async () => rotate({ ...options, overlapSeconds }))
  }
}
