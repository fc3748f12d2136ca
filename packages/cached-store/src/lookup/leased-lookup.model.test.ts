import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLongRun } from '../../../../test/support/how-much.ts'
import { BROKEN_RULES } from '../../testing/leases/broken-rules.ts'
import { PROTOCOL } from '../../testing/leases/protocol.ts'
import { SCENARIOS, explore } from '../../testing/leases/scenario.ts'
import type { ScenarioName } from '../../testing/leases/scenario.ts'

const TIMEOUT_MS = 600_000

const INTERLEAVINGS: Readonly<Record<ScenarioName, number>> = {
  'a token in use, with clocks that are a tenth slow in the cache, and a tenth fast in the changer': 1_951,
  'a token that is not cached': 1_035,
  'clocks that are a tenth fast in the cache, and a tenth slow in the changer': 13_198,
  'a machine that is suspended': 7_031,
  'a wall clock that is set back': 3_166,
  'a reading that is late': 725,
  'a replica that lacks the latest change and the length': 1_758,
  'a changer that crashes after it announced, and another that repeats it': 1_067,
  'a changer of a version without leases': 4_663,
  'a changer that has no length of its own': 1_951,
  'two changers with a shorter length': 483,
}
const scenarios = Object.entries(INTERLEAVINGS) as [ScenarioName, number][]

describe('leasedLookup, in every interleaving of a revocation and verifications', { timeout: TIMEOUT_MS }, () => {
  it.each(scenarios)(
    'answers none after the acknowledgement with a live record, and acknowledges: %s (%i)',
    async (name, interleavings) => {
      expect(await explore(SCENARIOS[name], PROTOCOL)).toEqual({ interleavings, isBroken: false })
    },
  )

  it.each(isLongRun ? scenarios : [])('does so with more verifications: %s', async (name) => {
    expect(await explore({ ...SCENARIOS[name], verifications: 2 }, PROTOCOL)).toMatchObject({ isBroken: false })
  })
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
