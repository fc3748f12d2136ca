import type { Tokens } from '@tessera/core'
import { answerErrors } from './answer-errors.ts'
import type { OnError } from './answer-errors.ts'
import { requireCaller } from './caller.ts'
import type { Caller } from './caller.ts'
import { challenge } from './challenge.ts'
import type { Dialect } from './dialect.ts'
import type { Handler, HttpRequest, HttpResponse } from './message.ts'
import { inWireWords } from './wire-words.ts'

export interface HandlerOptions {
  readonly dialect: Dialect
  /** Told of every store failure that a client is answered 503 for. Default: a process warning. */
  readonly onError?: OnError | undefined
  /** Lets a caller issue and rotate tokens that expire after its own credential. Default false. */
  readonly mayOutlive?: boolean | undefined
}

/** What an operation works with: the tokens, the words of the API, and a caller who may carry it out. */
export interface Operation {
  readonly tokens: Tokens
  readonly dialect: Dialect
  readonly request: HttpRequest
  readonly caller: Caller
  /** What no token that the caller is given may outlive; `null` for no such instant. */
  readonly expiryCeiling: Date | null
}

/** Makes a handler of what has to answer the good case only: who may ask is checked before, what is thrown is worded after. */
export function operation(
  access: 'read' | 'write',
  tokens: Tokens,
  { dialect, onError, mayOutlive = false }: HandlerOptions,
  answer: (operation: Operation) => Promise<HttpResponse>,
): Handler {
  async function handle(request: HttpRequest): Promise<HttpResponse> {
    const caller = requireCaller(request)
    dialect.checkOwner?.(request, caller.owner)
    requireScopes(request, caller, dialect.scopes?.[access] ?? [], tokens)
    const expiryCeiling = mayOutlive ? null : (caller.expiresAt ?? null)
    try {
      return await answer({ tokens, dialect, request, caller, expiryCeiling })
    } catch (error) {
      throw inWireWords(error, dialect, request)
    }
  }
  return answerErrors(handle, dialect.writeError, onError)
}

function requireScopes(
  request: HttpRequest,
  { scopes: granted }: Caller,
  scopes: readonly string[],
  tokens: Tokens,
): void {
  if (granted === null || tokens.permits({ scopes: granted }, { scopes })) return
  throw challenge({ ok: false, reason: 'insufficient_scope' }, { ...request.challenge, scopes })
}
