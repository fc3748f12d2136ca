import { describe, expect, it } from 'vitest'
import { createLease } from './lease.ts'

const L = 100

/** A lease that was extended at the instant 1,000 of both clocks. */
function leased() {
  const at = { steady: 1_000, wall: 1_000 }
  const renewals: number[] = []
  const lease = createLease(() => renewals.push(at.steady), { steady: () => at.steady, wall: () => at.wall })
  const pass = (ms: number) => {
    at.steady += ms
    at.wall += ms
  }
  lease.extend(lease.begin(), L)
  return { at, lease, renewals, pass }
}

describe('createLease', () => {
  it('counts for nothing before the first reading', () => {
    expect(createLease(() => {}).counts()).toBe(false)
  })

  it('counts for 0.9 of its length from before the reading', () => {
    const { lease, pass } = leased()
    expect(lease.counts()).toBe(true)
    const from = lease.begin()
    pass(80)
    lease.extend(from, L)
    pass(9.5)
    expect(lease.counts()).toBe(true)
    pass(0.5)
    expect(lease.counts()).toBe(false)
  })

  it.each([
    ['ahead by 0.9 of it, as after the machine was suspended', 90],
    ['back', -1],
  ])('counts no more if the wall clock is %s', (_case, ms) => {
    const { at, lease } = leased()
    at.wall += ms
    expect(lease.counts()).toBe(false)
  })

  it('counts no more if the steady clock is ahead, whatever the wall clock says', () => {
    const { at, lease } = leased()
    at.steady += 90
    expect(lease.counts()).toBe(false)
  })

  it('is renewed behind once 0.3 of it are over, by one reading', () => {
    const { lease, pass, renewals } = leased()
    pass(29)
    lease.counts()
    expect(renewals).toEqual([])
    pass(1)
    for (let number = 0; number < 5; number += 1) expect(lease.counts()).toBe(true)
    expect(renewals).toEqual([1_030])
    lease.extend(lease.begin(), L)
    pass(30)
    lease.counts()
    expect(renewals).toEqual([1_030, 1_060])
  })

  it('tries again 0.1 of it after a failure, and is extended by none', () => {
    const { lease, pass, renewals } = leased()
    pass(30)
    lease.counts()
    lease.begin()
    pass(5)
    lease.fail()
    pass(9)
    expect(lease.counts()).toBe(true)
    expect(renewals).toEqual([1_030])
    pass(1)
    lease.counts()
    expect(renewals).toEqual([1_030, 1_045])
    pass(45)
    expect(lease.counts()).toBe(false)
  })

  it('is not renewed once it is over: whoever asks then waits for a reading', () => {
    const { lease, pass, renewals } = leased()
    pass(500)
    expect(lease.counts()).toBe(false)
    expect(renewals).toEqual([])
  })

  it('ends with a store that keeps no length any more', () => {
    const { lease } = leased()
    lease.extend(lease.begin(), 0)
    expect(lease.counts()).toBe(false)
  })
})
