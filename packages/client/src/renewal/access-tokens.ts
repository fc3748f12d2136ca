import { inTime } from '../call/call.ts'
import type { CallOptions, Calling } from '../call/call.ts'
import type { OwnSecret } from '../credential/credential.ts'
import { checkNames } from '../wire/check-names.ts'
import { checkUrl } from '../wire/check-url.ts'
import { ClientError } from '../wire/client-error.ts'
import { exchangeSecret } from './exchange.ts'
import type { Held } from './exchange.ts'
import { shared } from './shared.ts'

export interface AccessTokensOptions {
  /** The exchange endpoint (RFC 8693). */
  readonly url: string | URL
  /** The scopes of the access tokens. Default those of the token. */
  readonly scopes?: readonly string[] | undefined
  /** The API to use them at, by its name or its URL. Default the server's own. */
  readonly audience?: string | undefined
  readonly resource?: string | undefined
  /** How long before its end one is renewed. Default 60,000, at most half of its lifetime. */
  readonly renewBeforeMs?: number | undefined
  /**
   * Called with the reason if no access token can be had. The secret then stands in for it. Default: the
   * call rejects.
   */
  readonly onFallback?: ((error: ClientError) => unknown) | undefined
}

export interface AccessTokens {
  /**
   * The header's value with a valid access token: `Bearer eyJ…`. Callers at the same moment share one exchange.
   *
   * @throws ClientError
   */
  authorization(options?: CallOptions): Promise<string>
  /** Drops the access token, e.g. after an API has refused it. The next call exchanges anew. */
  forget(): void
}

const NAMES: Readonly<Record<keyof AccessTokensOptions, true>> = {
  url: true,
  scopes: true,
  audience: true,
  resource: true,
  renewBeforeMs: true,
  onFallback: true,
}
/** An access token is not shown in its last seconds: the request has a way to go, and clocks differ. */
const LAST_MS = 5_000
/** After a failure, nobody exchanges for this time, or as long as the server asks for. */
const PAUSE_MS = 1_000

export function accessTokens(
  calling: Calling & { readonly allowHttp: boolean },
  own: OwnSecret,
  options: AccessTokensOptions,
): AccessTokens {
  checkNames('accessTokens', options, NAMES)
  const { scopes, audience, resource, renewBeforeMs = 60_000, onFallback } = options
  if (!(renewBeforeMs >= 0)) throw new TypeError('accessTokens: "renewBeforeMs" must be a number from 0')
  const asked = { url: checkUrl('accessTokens', options.url, calling.allowHttp), scopes, audience, resource }
  const { timer } = calling
  let held: Held | null = null
  let failed: { readonly error: ClientError; readonly until: number } | null = null

  const exchange = shared(async (): Promise<Held> => {
    if (failed !== null && timer.now() < failed.until) throw failed.error
    try {
      held = await exchangeSecret(calling, own, asked)
      failed = null
      return held
    } catch (error) {
      if (error instanceof ClientError) {
        failed = { error, until: timer.now() + Math.max(PAUSE_MS, error.retryAfterMs ?? 0) }
      }
      throw error
    }
  })

  async function fresh(): Promise<string> {
    const under = await own.header()
    const now = timer.now()
    if (held === null || held.under !== under || now < held.takenAt || now >= held.endsAt - LAST_MS) {
      const renewed = await exchange()
      // A rotation may have come between.
      return renewed.under === (await own.header()) ? renewed.header : (await exchange()).header
    }
    // It is valid for a while, so nobody waits for its renewal, and its failure is told to nobody.
    if (now >= renewAtOf(held, renewBeforeMs)) exchange().catch(() => {})
    return held.header
  }

  async function authorization(callOptions: CallOptions = {}): Promise<string> {
    try {
      return await inTime(calling, callOptions, fresh)
    } catch (error) {
      if (onFallback === undefined || !(error instanceof ClientError)) throw error
      onFallback(error)
      return own.header()
    }
  }

  function forget(): void {
    held = null
  }

  return { authorization, forget }
}

function renewAtOf({ takenAt, endsAt }: Held, renewBeforeMs: number): number {
  return endsAt - Math.min(Math.max(renewBeforeMs, LAST_MS), (endsAt - takenAt) / 2)
}
