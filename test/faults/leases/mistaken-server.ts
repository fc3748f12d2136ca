import { readFileSync, writeFileSync } from 'node:fs'
import { until } from '../../support/servers/index.ts'
import { serverBundle } from '../../support/four-apis/bundled-server.ts'
import type { Scene } from '../rounds.ts'

export interface LeftOut {
  /** The rule as the sources have it. */
  readonly right: string
  readonly wrong: string
  /** What has to happen for it to show. Default: nothing but changes and uses. */
  readonly fault?: (scene: Scene) => Promise<void>
}

/** Rules of leases, and each as it is left out. */
export const RULES = {
  'a change waits': { right: 'AWAITED_SHARE = 1.1', wrong: 'AWAITED_SHARE = 0' },
  'a lease ends': { right: 'COUNTED_SHARE = 0.9', wrong: 'COUNTED_SHARE = 50' },
  'a lease counts from before its reading': {
    right: 'lease.extend(from, leaseMs)',
    wrong: 'lease.extend({ steady: performance.now(), wall: Date.now() }, leaseMs)',
    fault: delayUntilAccepted,
  },
  // As in a process that is stopped after it has read, and answers what has come meanwhile before it goes on.
  'the changes of a reading are applied before its lease counts': {
    right: '() => leasedChangesAfter(feed, reached)',
    wrong: `() => leasedChangesAfter(feed, reached).then((changes) => {
      lease.extend(from, changes.leaseMs)
      return new Promise((apply) => setTimeout(apply, 50, changes))
    })`,
  },
} as const satisfies Readonly<Record<string, LeftOut>>

export type Rule = keyof typeof RULES

/** Makes what the store answers one process late, but in time, while the others make changes. */
async function delayUntilAccepted({ fleet, random, tally }: Scene): Promise<void> {
  const { proxy } = random.pick(fleet.members)
  proxy.delay(500)
  await until(async () => tally.report.staleAccepts.length > 0)
  proxy.delay(0)
}

/** How often the example server has the text of a rule: once, or the rule cannot be left out. */
export function timesInServer(rule: Rule): number {
  return readFileSync(serverBundle(), 'utf8').split(RULES[rule].right).length - 1
}

/** Writes the example server without a rule of leases. Returns its file. */
export function serverWithout(rule: Rule): string {
  const { right, wrong } = RULES[rule]
  const file = serverBundle().replace(/\.js$/, `.${process.pid}.${Object.keys(RULES).indexOf(rule)}.cjs`)
  writeFileSync(file, readFileSync(serverBundle(), 'utf8').replace(right, wrong))
  return file
}
