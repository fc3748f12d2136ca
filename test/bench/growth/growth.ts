import type { Suite } from '../harness/bench.ts'
import { measureChurn } from './churn.ts'
import { measureCluster } from './cluster.ts'
import { measureLeasedRevocations } from './leased-revocations.ts'
import { measureProcesses } from './processes.ts'
import { measureStored } from './stored.ts'

/** How verifications fare as processes, tokens, servers and revocations become more. */
export const growth: Suite = async (bench) => {
  await measureProcesses(bench)
  await measureCluster(bench)
  await measureChurn(bench)
  await measureLeasedRevocations(bench)
  await measureStored(bench)
}
