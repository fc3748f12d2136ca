import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { repeat } from '../harness/repeat.ts'
import { answerQuestions } from '../harness/worker.ts'
import { inTurn, PREFIX } from '../in-process/issued-tokens.ts'

/** What a process that verifies is told: where the tokens are, once, and then how many verifications to make. */
export type Question =
  | { readonly port: number; readonly secrets: readonly string[] }
  | { readonly freshness: 'confirmed' | 'none'; readonly times: number }

export const AT_ONCE = 64

let verify = async (_freshness: 'confirmed' | 'none', _times: number): Promise<void> => {
  throw new Error('the verifier was not told where the tokens are')
}

answerQuestions<Question>(async (question) => {
  if ('port' in question) open(question.port, question.secrets)
  else await verify(question.freshness, question.times)
  return true
})

function open(port: number, secrets: readonly string[]): void {
  const store = redisStore(new Redis(port, '127.0.0.1'), { deadlineMs: 10_000 })
  const tokens = {
    confirmed: createTokens({ store: cachedStore(store), prefix: PREFIX }),
    none: createTokens({ store, prefix: PREFIX }),
  }
  const next = inTurn(secrets)
  verify = (freshness, times) =>
    repeat(times, AT_ONCE, async () => {
      const verification = await tokens[freshness].verify(next())
      if (!verification.ok) throw new Error(`a token was refused: ${verification.reason}`)
    })
}
