import type { Tokens } from '@tessera/core'
import { answerErrors } from './answer-errors.ts'
import type { OnError } from './answer-errors.ts'
import { requireCaller } from './caller.ts'
import type { Caller } from './caller.ts'
import { challenge } from './challenge.ts'
import type { Dialect } from './dialect.ts'
import type { Handler, HttpRequest, HttpResponse } from './message.ts'

export interface HandlerOptions {
  readonly dialect: Dialect
  /** Told of every store failure that a client is answered 503 for. Default: a process warning. */
  readonly onError?: OnError | undefined
}

/** What an operation works with: the tokens, the words of the API, and a caller who may carry it out. */
export interface Operation {
  readonly tokens: Tokens
  readonly dialect: Dialect
  readonly request: HttpRequest
  readonly caller: Caller
}

/** Makes a handler of what has to answer the good case only: who may ask is checked before, what is thrown is worded after. */
export function operation(
  access: 'read' | 'write',
  tokens: Tokens,
  { dialect, onError }: HandlerOptions,
  answer: (operation: Operation) => Promise<HttpResponse>,
): Handler {
  async function handle(request: HttpRequest): Promise<HttpResponse> {
    const caller = requireCaller(request)
    dialect.checkOwner?.(request, caller.owner)
    requireScopes(caller, dialect.scopes?.[access] ?? [], tokens)
    return answer({ tokens, dialect, request, caller })
  }
  return answerErrors(handle, dialect.writeError, onError)
}

function requireScopes(caller: Caller, required: readonly string[], tokens: Tokens): void {
  if (caller.scopes === null || tokens.permits({ scopes: caller.scopes }, { scopes: required })) return
  throw challenge({ ok: false, reason: 'insufficient_scope' }, { scopes: required })
}
