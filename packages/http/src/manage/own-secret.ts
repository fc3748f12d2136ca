import { readBearer } from '../bearer/read-bearer.ts'
import type { Operation } from './operation.ts'

/** The secret of the token in the path, if the request carries it; else `null`. */
export async function ownSecret({
  tokens,
  request,
  caller,
  id,
}: Operation & { readonly id: string }): Promise<string | null> {
  const bearer = readBearer(request.headers)
  if (caller.id !== id || !bearer.ok || bearer.secret === undefined) return null
  // The app may have authenticated the caller by something else, and the header be of another token.
  const holder = await tokens.introspect(bearer.secret)
  return holder?.id === id && holder.owner === caller.owner ? bearer.secret : null
}
