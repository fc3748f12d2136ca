import { setTimeout as wait } from 'node:timers/promises'
import { StoreError, createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { until } from '../../../test/redis/index.ts'
import type { OpenStore } from './open-store.ts'

/** What came of tokens that were issued, revoked and presented again without a pause. */
export interface Traffic {
  /** Revocations that were acknowledged. */
  readonly revoked: ReadonlySet<string>
  /** Revoked secrets that were accepted by a verification begun after the acknowledgement. */
  readonly accepted: readonly string[]
  /** What was rejected with anything but a StoreError. */
  readonly surprises: readonly unknown[]
  /** How many operations the store failed to do. */
  readonly failures: number
  readonly slowestMs: number
}

const WORKERS = 8
const OWNERS = 40
// Other tests run at the same time, on the same cores.
const PAUSE_MS = 2

/** Runs traffic while `fault` happens, and on until the service is back; `recoveryMs` is how long that took. */
export async function trafficDuring(
  store: OpenStore,
  fault: () => Promise<void>,
): Promise<Traffic & { readonly recoveryMs: number }> {
  const tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: null, recordUseEveryMs: 0, onError() {} })
  const traffic = startTraffic(tokens)
  await until(async () => traffic.report.revoked.size >= 50)
  await fault()
  const endedAt = performance.now()
  await until(() => isServed(tokens))
  const recoveryMs = performance.now() - endedAt
  const before = traffic.report.revoked.size
  await until(async () => traffic.report.revoked.size >= before + 20)
  await traffic.stop()
  for (const secret of traffic.report.revoked) await traffic.present(secret)
  return { ...traffic.report, recoveryMs }
}

/** Whether a token can be issued, used and revoked. */
async function isServed(tokens: Tokens): Promise<boolean> {
  try {
    const { secret, token } = await tokens.issue({ owner: 'probe', name: 'probe', scopes: [] })
    const verification = await tokens.verify(secret)
    await tokens.revoke('probe', token.id)
    return verification.ok
  } catch {
    return false
  }
}

function startTraffic(tokens: Tokens) {
  const revoked = new Set<string>()
  const accepted: string[] = []
  const surprises: unknown[] = []
  const report = { revoked, accepted, surprises, failures: 0, slowestMs: 0 }
  const end = new AbortController()
  let count = 0

  async function attempt<Answer>(work: () => Promise<Answer>): Promise<Answer | null> {
    const startedAt = performance.now()
    try {
      return await work()
    } catch (error) {
      report.failures += 1
      if (!(error instanceof StoreError)) surprises.push(error)
      return null
    } finally {
      report.slowestMs = Math.max(report.slowestMs, performance.now() - startedAt)
    }
  }

  async function present(secret: string): Promise<void> {
    const verification = await attempt(() => tokens.verify(secret))
    if (verification?.ok === true) accepted.push(secret)
  }

  async function work(): Promise<void> {
    while (!end.signal.aborted) {
      const owner = `owner-${count++ % OWNERS}`
      const issued = await attempt(() => tokens.issue({ owner, name: 'ci-deploy', scopes: ['jobs:read'] }))
      if (issued !== null) {
        await attempt(() => tokens.verify(issued.secret))
        if ((await attempt(() => tokens.revoke(owner, issued.token.id))) !== null) {
          revoked.add(issued.secret)
          await present(issued.secret)
        }
      }
      await wait(PAUSE_MS)
    }
  }

  const workers = Promise.all(Array.from({ length: WORKERS }, work))
  return {
    report,
    present,
    async stop() {
      end.abort()
      await workers
      await tokens.close().catch(() => {})
    },
  }
}
