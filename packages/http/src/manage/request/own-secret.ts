import type { Tokens } from '@tessera/core'
import { readBearer } from '../../bearer/read-bearer.ts'
import type { Caller } from '../../message/caller.ts'
import type { HttpRequest } from '../../message/message.ts'

/** A request of somebody. */
interface Asked {
  readonly tokens: Tokens
  readonly request: Pick<HttpRequest, 'headers' | 'ip'>
  readonly caller: Caller
}

/** The secret of the token in the path, if the request carries it; else `null`. */
export async function ownSecret(asked: Asked & { readonly id: string }): Promise<string | null> {
  return asked.caller.id === asked.id ? callersSecret(asked) : null
}

/** The secret of the calling token, if the request carries it; else `null`. */
export async function callersSecret({ tokens, request, caller }: Asked): Promise<string | null> {
  const bearer = readBearer(request.headers)
  if (caller.id === undefined || !bearer.ok || bearer.secret === undefined) return null
  // The app may have authenticated the caller by something else, and the header be of another token.
  const holder = await tokens.introspect(bearer.secret, { ip: request.ip })
  return holder?.id === caller.id && holder.owner === caller.owner ? bearer.secret : null
}

/** The secret under which the answer to a keyed request is kept; `undefined` without a key or that secret. */
export async function sealingSecret(asked: Asked, idempotencyKey: string | undefined): Promise<string | undefined> {
  return idempotencyKey === undefined ? undefined : ((await callersSecret(asked)) ?? undefined)
}
