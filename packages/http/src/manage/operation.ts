import { checkOptions, isBoolean } from '@tessera/core'
import type { ActingToken, OptionRule, Tokens } from '@tessera/core'
import { challenge } from '../bearer/challenge.ts'
import { reportRefusal } from '../bearer/report-refusal.ts'
import { requireCaller } from '../bearer/require-caller.ts'
import { findCaller } from '../bearer/find-caller.ts'
import type { CalledRequest } from '../bearer/find-caller.ts'
import { originsRule, otherSite } from '../bearer/same-site.ts'
import { toProblem } from '../bearer/to-problem.ts'
import { answerErrors } from '../dialects/answer-errors.ts'
import type { OnError } from '../dialects/answer-errors.ts'
import type { AnswerFacts, Dialect } from '../dialects/dialect.ts'
import { standard } from '../dialects/standard/standard.ts'
import { endOfCaller } from '../message/caller.ts'
import type { Caller } from '../message/caller.ts'
import type { Handler, HttpRequest, HttpResponse } from '../message/message.ts'
import { tellApp } from '../message/refused-request.ts'
import { accessScopesRule } from '../bearer/access-scopes.ts'
import type { AccessScopes } from '../bearer/access-scopes.ts'
import { optionRules } from '../bearer/option-rules.ts'
import { actingToken, confirmGone } from './request/acting-token.ts'
import { attributesRule } from './request/read-attributes.ts'
import { refuseOtherParameters } from './request/unknown-names.ts'
import { inWireWords } from './wire-words.ts'

export interface HandlerOptions {
  /** Default `standard`. */
  readonly dialect?: Dialect | undefined
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError | undefined
  /** Lets a caller issue and rotate tokens that end after itself. Default false. */
  readonly mayOutlive?: boolean | undefined
  /** The scopes asked of a token. Default those of the dialect; most have none. */
  readonly scopes?: AccessScopes | undefined
  /** The origins of other sites whose pages may ask for changes by a person's session. Default none. */
  readonly origins?: readonly string[] | undefined
  /** The names of attributes that a request may give a new token, in dialects with a field for them. Default none. */
  readonly attributes?: readonly string[] | undefined
}

/** The options of every handler of tokens, for `checkOptions`. */
export const handlerRules: Readonly<Record<keyof HandlerOptions, OptionRule>> = {
  dialect: optionRules.dialect,
  onError: optionRules.onError,
  mayOutlive: { right: 'a boolean', test: isBoolean },
  scopes: accessScopesRule,
  origins: originsRule,
  attributes: attributesRule,
}

/** @throws TypeError for a wrong or unknown option of a handler */
export function dialectOf(options: HandlerOptions): Dialect {
  checkOptions('a handler of tokens', options, handlerRules)
  return options.dialect ?? standard
}

/** The surroundings of an operation: the tokens, the words of the API, and a permitted caller. */
export interface Operation {
  readonly tokens: Tokens
  readonly dialect: Dialect
  readonly request: CalledRequest
  readonly caller: Caller
  /** The latest expiry of a token given to the caller; `null` for no limit. */
  readonly expiryCeiling: Date | null
  /** The calling token, for changes; `undefined` for a person. */
  readonly actor: ActingToken | undefined
  /** What every answer knows. */
  readonly facts: AnswerFacts
}

/**
 * Builds a handler from its good case. The caller's permission is checked before it, and its errors are worded after
 * it.
 *
 * @param parameters The query parameters of the operation, in dialects that refuse others.
 */
export function operation(
  access: keyof AccessScopes,
  tokens: Tokens,
  options: HandlerOptions,
  answer: (operation: Operation) => Promise<HttpResponse>,
  parameters: readonly string[] = [],
): Handler {
  const dialect = dialectOf(options)
  const { onError, mayOutlive = false, scopes, origins } = options
  const required = scopes?.[access] ?? dialect.scopes?.[access] ?? []
  // Without a scope of its own, any token could end all others.
  if (access === 'revokeAll' && required.length === 0)
    throw new TypeError('a handler of tokens: revoking in bulk needs scopes.revokeAll, of the options or the dialect')
  async function handle(given: HttpRequest): Promise<HttpResponse> {
    const request = await findCaller(given)
    const caller = requireCaller(request)
    if (request.challenge?.forPerson === true) refuseOtherSites(request, caller, origins)
    dialect.checkOwner?.(request, caller.owner)
    const actor = actingToken(request, caller, required, mayOutlive)
    const facts = { callerId: caller.id ?? null }
    const expiryCeiling = mayOutlive ? null : endOfCaller(caller)
    try {
      requireScopes(request, caller, required, tokens)
      refuseOtherParameters(request.query, parameters, dialect)
      return await answer({ tokens, dialect, request, caller, expiryCeiling, actor, facts })
    } catch (error) {
      await confirmGone(error, { tokens, request, caller })
      const worded = inWireWords(error, dialect, request)
      reportRefusal(error, { tokens, request, caller, problem: toProblem(worded) })
      throw worded
    }
  }
  return answerErrors(handle, dialect, onError)
}

function refuseOtherSites(request: CalledRequest, caller: Caller, origins: readonly string[] | undefined): void {
  const problem = otherSite(request, origins)
  if (problem === null) return
  tellApp(() => request.onRefusal?.({ reason: 'other_site', token: caller }, problem))
  throw problem
}

function requireScopes(
  request: HttpRequest,
  { id, owner, scopes: granted }: Caller,
  scopes: readonly string[],
  tokens: Tokens,
): void {
  if (granted === null || tokens.permits({ scopes: granted, ...(id !== undefined && { id, owner }) }, { scopes }))
    return
  throw challenge({ ok: false, reason: 'insufficient_scope' }, { ...request.challenge, scopes })
}
