import { readBearer } from './read-bearer.ts'
import type { TokenOperation } from './token-operation.ts'

/** The secret of the token that the path names, if the request is made with it; else `null`. */
export async function ownSecret({ tokens, request, caller, id }: TokenOperation): Promise<string | null> {
  const bearer = readBearer(request.headers)
  if (caller.id !== id || !bearer.ok || bearer.secret === undefined) return null
  // The app may have authenticated the caller by something else, and the header be of another token.
  const holder = await tokens.introspect(bearer.secret)
  return holder?.id === id && holder.owner === caller.owner ? bearer.secret : null
}
