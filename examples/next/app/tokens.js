import { createTokens } from '@tessera/fetch'
import { memoryStore } from '@tessera/memory-store'

/** Each route may get a copy of this module: the tokens are one for the whole process. */
const shared = /** @type {{ tokens?: import('@tessera/fetch').Tokens }} */ (globalThis)

export const tokens = (shared.tokens ??= createTokens({
  store: memoryStore({ inProduction: true }),
  prefix: 'acme_pat',
}))
