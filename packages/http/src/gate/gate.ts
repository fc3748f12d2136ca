import { isLater } from '@tessera/core'
import type { MaybeLater, Requirements, Token } from '@tessera/core'
import { authenticateReading } from '../bearer/authenticate-request.ts'
import type { Authentication } from '../bearer/authenticate-request.ts'
import { checkAuthenticator } from '../bearer/authenticator.ts'
import type { Authenticator } from '../bearer/authenticator.ts'
import { challenge } from '../bearer/challenge.ts'
import { readBearer } from '../bearer/read-bearer.ts'
import type { BearerReading } from '../bearer/read-bearer.ts'
import type { CarrierOptions } from '../bearer/read-carriers.ts'
import { requireCaller } from '../bearer/require-caller.ts'
import { namedScopes, requirementsOf, routeMaker } from '../bearer/route-scopes.ts'
import { otherSite } from '../bearer/same-site.ts'
import { problemOf } from '../dialects/answer-errors.ts'
import type { HttpResponse } from '../message/message.ts'
import type { RefusedRequest } from '../message/refused-request.ts'
import type { Admission } from './admission.ts'
import { Passage, mayDo } from './admit.ts'
import type { Known } from './admit.ts'
import { carriedSecrets, isInQuery } from './carried-secrets.ts'
import { endNoticeHeaders } from './end-notice.ts'
import { checkGateOptions } from './gate-options.ts'
import type { GateOptions } from './gate-options.ts'
import type { GateRequest } from './gate-request.ts'
import { createRefuser } from './refuse.ts'

/** In the turn it is called if nothing has to be waited for: then the app goes on with the request without a promise. */
export type Gate<Request extends GateRequest = GateRequest> = (request: Request) => MaybeLater<Admission>

/** Why the token of a request was refused, for the hook. */
interface Noted {
  refusal: RefusedRequest | null
}

const NOTHING: readonly string[] = []
const NOTHING_NOTED: Noted = Object.freeze({ refusal: null })
const NO_HEADERS: HttpResponse['headers'] = {}
const ANONYMOUS: Known = { token: null, caller: null, headers: NO_HEADERS }
/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.3 */
const FROM_QUERY: HttpResponse['headers'] = { 'Cache-Control': 'private' }

/**
 * Makes all decisions of a route for tokens, so that an adapter only translates: who is calling, whether that caller may go
 * on, and what is answered otherwise.
 *
 * The token comes first: a request with a bad one is refused, whoever signed in. A person is asked for the scopes as well,
 * and changes nothing from a page of another site.
 *
 * @returns A function that decides about one request, in this turn if it can. It rejects for a fault of the app only.
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function gate<Request extends GateRequest = GateRequest>(
  tokens: Authenticator,
  options: GateOptions<Request> = {},
): Gate<Request> {
  checkAuthenticator('gate', tokens)
  checkGateOptions('gate', options)
  const { scopes, anyScope, scopeRequired, optional, carriers, origins, endNotice } = options
  const asked: Requirements = { ...(scopes && { scopes }), ...(anyScope && { anyScope }) }
  const wanted = requirementsOf({ ...asked, ...(scopeRequired && { scopeRequired }) })
  const routeOf = routeMaker(wanted)
  const refuser = createRefuser(tokens, options)
  const challenging = { ...refuser.additions, scopes: namedScopes(asked) }
  const asking = { tokens, refuser }
  const met = [asked]

  return (request) => {
    try {
      const admission = carriers === undefined ? decide(request, NOTHING) : decideOnCarried(request, carriers)
      return isLater(admission) ? admission.catch(failed) : admission
    } catch (error) {
      return failed(error)
    }
  }

  async function failed(error: unknown): Promise<Admission> {
    return refuser.failed(problemOf(error, options.onError))
  }

  async function decideOnCarried(request: Request, enabled: CarrierOptions): Promise<Admission> {
    return decide(request, await carriedSecrets(enabled, request, request.form))
  }

  function decide(request: Request, carried: readonly string[]): MaybeLater<Admission> {
    const reading = readBearer(request.headers, carried)
    const isCarried = carried.length > 0
    const mayBePerson = typeof request.caller === 'function' && reading.ok && reading.secret === undefined
    if (!mayBePerson) return decideOnToken(request, reading, isCarried)
    return decideOnPerson(request).then((admission) => admission ?? decideOnToken(request, reading, isCarried))
  }

  function decideOnToken(request: Request, reading: BearerReading, isCarried: boolean): MaybeLater<Admission> {
    const { ip, context } = request
    const noted = options.onRefusal === undefined ? NOTHING_NOTED : { refusal: null }
    const noting = options.onRefusal && notingIn(noted)
    const authentication = authenticateReading(tokens, reading, routeOf(ip, context), noting)
    if (!isLater(authentication)) return answer(authentication, request, isCarried, noted)
    return authentication.then((later) => answer(later, request, isCarried, noted))
  }

  function answer(authentication: Authentication, request: Request, isCarried: boolean, { refusal }: Noted): Admission {
    if (authentication.ok) {
      const { token } = authentication
      const always = isCarried && isInQuery(carriers, request) ? FROM_QUERY : NO_HEADERS
      const notice = endNotice === undefined ? null : endNoticeHeaders(token, endNotice)
      const headers = notice === null ? always : { ...always, ...notice }
      return new Passage({ token, caller: token, headers }, asking, request, allAskedOf(token, request))
    }
    if (authentication.reason === 'missing' && optional === true) return new Passage(ANONYMOUS, asking, request, met)
    const problem = challenge(authentication, challenging)
    return refusal === null ? refuser.failed(problem) : refuser.refused(problem, refusal, request)
  }

  function allAskedOf({ id }: Token, { before }: Request): readonly Requirements[] {
    if (before === undefined) return met
    const earlier = before.token?.id === id ? before.facts.requirements : undefined
    return earlier === undefined ? met : [...earlier, asked]
  }

  /** `null` for nobody. */
  async function decideOnPerson(request: Request): Promise<Admission | null> {
    const found = (await request.caller?.()) || null
    if (found === null) return null
    const caller = requireCaller({ caller: found })
    const other = otherSite(request, origins)
    if (other !== null) return refuser.refused(other, { reason: 'other_site', token: caller }, request)
    if (!mayDo(tokens, caller, wanted)) return refuser.lackingScope(caller, asked, request)
    return new Passage({ token: null, caller, headers: NO_HEADERS }, asking, request, met)
  }
}

function notingIn(noted: Noted): (refused: RefusedRequest) => void {
  return (refused) => {
    noted.refusal = refused
  }
}
