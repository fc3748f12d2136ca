import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { triesAll } from '../../../../test/support/how-much.ts'
import { BROKEN_RULES } from '../../testing/model/broken-rules.ts'
import { PROTOCOL } from '../../testing/model/protocol.ts'
import { SCENARIOS, explore } from '../../testing/model/scenario.ts'
import type { ScenarioName } from '../../testing/model/scenario.ts'

const TIMEOUT_MS = 60_000
/** The longest scenarios are explored where all drivers are tried. */
const MOST_EXPLORED = triesAll ? Number.POSITIVE_INFINITY : 20_000

const INTERLEAVINGS: Readonly<Record<ScenarioName, number>> = {
  'three verifications of a cached token': 4_946,
  'three verifications of a token that is not cached': 22_175,
  'a token that is looked for under two digests': 1_037,
  'a revoker that crashes before the feed is written, and begins again': 671,
  'such a revoker of a token that is not cached': 2_208,
  'a feed that has lost the entries a reader needs': 400,
  'such a feed, of a token that is not cached': 1_037,
  'a failover that loses the tail of the feed': 12_140,
  'such a failover, and a revoker that crashes': 741,
  'an answer that is late': 7_057,
  'a late answer about a token that is not cached': 12_183,
  'three verifications by id of a cached token': 3_224,
  'three verifications by id of a token that is not cached': 21_601,
  'verifications by id and by digest of a token that is not cached': 57_763,
  'a feed that has lost entries, of a token that is looked for by id': 1_031,
  'a replica that lags takes over, and no client notices': 18_024,
  'such a replica, of a token that is not cached': 22_382,
  'such a replica, of a token that is looked for by id': 9_157,
  'such a replica, and a revoker that crashes': 945,
  'a revocation in bulk of a cached token': 400,
  'a revocation in bulk of a token that is not cached': 1_037,
  'a revocation in bulk of a token that is looked for by id': 1_031,
  'a revocation in bulk that crashes before the feed is written, and begins again': 671,
}

describe('confirmedLookup, in every interleaving of a revocation and verifications', { timeout: TIMEOUT_MS }, () => {
  const all = Object.entries(INTERLEAVINGS) as [ScenarioName, number][]
  const scenarios = all.filter(([, interleavings]) => interleavings <= MOST_EXPLORED)

  it.each(scenarios)(
    'answers none that was invoked after the acknowledgement with a live record: %s (%i)',
    async (name, interleavings) => {
      expect(await explore(SCENARIOS[name], PROTOCOL)).toEqual({ interleavings, isBroken: false })
    },
  )
})

describe('explore', { timeout: TIMEOUT_MS }, () => {
  it.each(Object.entries(BROKEN_RULES))(
    'finds the promise broken without the rule: %s',
    async (_rule, { scenario, broken }) => {
      expect(await explore(SCENARIOS[scenario], { ...PROTOCOL, ...broken })).toMatchObject({ isBroken: true })
    },
  )
})

describe('the README', () => {
  it('states how much is explored', () => {
    const counts = Object.values(INTERLEAVINGS)
    const total = counts.reduce((sum, count) => sum + count, 0).toLocaleString('en')
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').replaceAll('\n', ' ')
    expect(readme).toContain(`${total} interleavings in ${counts.length} scenarios`)
    expect(readme).toContain(`each of ${Object.keys(BROKEN_RULES).length} rules`)
  })
})
