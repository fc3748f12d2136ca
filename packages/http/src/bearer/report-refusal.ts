import { TokenError } from '@tessera/core'
import type { RefusalReason, Tokens } from '@tessera/core'
import type { Caller } from '../message/caller.ts'
import type { HttpRequest } from '../message/message.ts'
import { Problem } from '../message/problem.ts'
import { tellApp } from '../message/refused-request.ts'

interface RefusedOperation {
  readonly tokens: Tokens
  readonly request: HttpRequest
  readonly caller: Caller
  /** The answer to the client. */
  readonly problem: Problem | null
}

/** Counts and announces it, and tells the app, if a caller asked for more than it may do or hand out. */
export function reportRefusal(error: unknown, { tokens, request, caller, problem }: RefusedOperation): void {
  const refused = refusalIn(error)
  if (refused === null) return
  const { reason, isKnown } = refused
  if (!isKnown) tokens.noteRefusal(reason, caller, { ip: request.ip, context: request.context })
  if (problem !== null) tellApp(() => request.onRefusal?.({ reason, token: caller }, problem))
}

/** `isKnown`: the verb has counted and announced it. */
function refusalIn(error: unknown): { readonly reason: RefusalReason; readonly isKnown: boolean } | null {
  if (!(error instanceof TokenError)) {
    return error instanceof Problem && error.status === 403 ? { reason: 'insufficient_scope', isKnown: false } : null
  }
  const { code, details } = error
  if (details.reason !== undefined) return { reason: details.reason, isKnown: true }
  const isBeyond = code === 'insufficient_scope' || code === 'beyond_ceiling'
  return isBeyond ? { reason: 'insufficient_scope', isKnown: false } : null
}
