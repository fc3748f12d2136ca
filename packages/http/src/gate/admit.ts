import { checkOwnNames } from '@tessera/core'
import type { Requirements, Watch } from '@tessera/core'
import type { Authenticator } from '../bearer/authenticator.ts'
import type { Caller } from '../message/caller.ts'
import type { Admission, Admitted, AdmittedWatchOptions, GateFacts } from './admission.ts'
import type { GateRequest } from './gate-request.ts'
import type { Refuser } from './refuse.ts'

export type Known = Pick<Admitted, 'token' | 'caller' | 'headers'>

/** What a gate asks about whoever it admitted. */
interface Asked<Request extends GateRequest> {
  readonly tokens: Authenticator
  readonly refuser: Refuser<Request>
}

/**
 * An admitted request. A class, since one is made for each request: what few of them ask for is then no function of its own. The
 * request is private, so that no log of an admission shows the secret in it.
 */
export class Passage<Request extends GateRequest> implements Admitted {
  readonly ok = true
  readonly token: Admitted['token']
  readonly caller: Admitted['caller']
  readonly headers: Admitted['headers']
  readonly #gate: Asked<Request>
  readonly #request: Request
  readonly #requirements: readonly Requirements[]

  /** @param requirements What was asked so far, and met. */
  constructor(
    { token, caller, headers }: Known,
    gate: Asked<Request>,
    request: Request,
    requirements: readonly Requirements[],
  ) {
    this.token = token
    this.caller = caller
    this.headers = headers
    this.#gate = gate
    this.#request = request
    this.#requirements = requirements
  }

  get facts(): GateFacts {
    const { token, caller } = this
    const { refuser } = this.#gate
    const request = this.#request
    const { ip, context } = request
    return {
      // A handler takes whoever comes by a function for a person.
      caller: token ?? (caller === null ? null : () => caller),
      ip,
      requirements: this.#requirements,
      context,
      onRefusal: (refusal, problem) => refuser.tell(problem, refusal, request),
      challenge: refuser.additions,
    }
  }

  require(more: Requirements): Admission {
    const { tokens, refuser } = this.#gate
    if (this.caller === null) return refuser.missing(this.#request)
    if (!mayDo(tokens, this.caller, more)) return refuser.lackingScope(this.caller, more, this.#request)
    return new Passage(this, this.#gate, this.#request, [...this.#requirements, more])
  }

  watch(options: AdmittedWatchOptions = {}): Watch {
    const { tokens } = this.#gate
    checkOwnNames('watch', options, { withinMs: true })
    if (this.token === null)
      throw new Error('watch: the caller has no token; the session of a person is for the app to end')
    if (tokens.watch === undefined)
      throw new Error('watch: the authenticator has no "watch", as createTokens() gives it')
    const { ip } = this.#request
    return tokens.watch(this.token, { ...options, requirements: this.#requirements, ip })
  }
}

/** Scopes of `null` stand for every scope. Even so, a list without alternatives is never met. */
export function mayDo(
  tokens: Pick<Authenticator, 'permits'>,
  { id, owner, scopes: granted }: Caller,
  required: Requirements,
): boolean {
  return granted === null
    ? required.anyScope?.length !== 0
    : tokens.permits({ scopes: granted, ...(id !== undefined && { id, owner }) }, required)
}
