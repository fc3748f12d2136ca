import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../../redis/index.ts'
import type { Secrets } from './observation.ts'
import type { Process, Processes } from './processes.ts'

/** Two tokens that every process has accepted, and has cached if it has a cache. */
export interface GivenTokens {
  readonly secrets: Secrets
  /** Resolves when the revocation of the first is acknowledged. */
  revokeBy(writer: Process): Promise<void>
}

const RETRY_MS = 20
const MOST_ATTEMPTS = 500

export async function givenTokens(writer: Process, { all }: Processes, owner = 'acme'): Promise<GivenTokens> {
  const issue = (name: string) => acknowledged(() => writer.tokens.issue({ owner, name, scopes: [] }))
  const [doomed, kept] = [await issue('to be revoked'), await issue('to be kept')]
  for (const { tokens } of all) {
    for (const { secret } of [doomed, kept]) {
      await until(async () => (await tokens.verify(secret).catch(() => null))?.ok === true)
    }
  }
  return {
    secrets: { revoked: doomed.secret, active: kept.secret },
    async revokeBy({ tokens }) {
      await acknowledged(() => tokens.revoke(owner, doomed.token.id))
    },
  }
}

/** Repeats what the store does not confirm. */
export async function acknowledged<Answer>(call: () => Promise<Answer>, attempts = MOST_ATTEMPTS): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (attempts === 1) throw error
    await wait(RETRY_MS)
    return acknowledged(call, attempts - 1)
  }
}
