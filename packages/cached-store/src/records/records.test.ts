import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { bytesOf } from './record-bytes.ts'
import { createRecords } from './records.ts'
import type { Records } from './records.ts'

const A = sampleRecord({ id: 'a', digest: 'digest of a' })
const B = sampleRecord({ id: 'b', digest: 'digest of b' })

function opened({ max = 10, maxBytes = 1_000_000, maxAgeMs = null as number | null } = {}) {
  /** Of the two clocks, the monotonic one goes as the other does until it is set. */
  const clock = { now: NOW, monotonic: null as number | null }
  const monotonicNow = () => clock.monotonic ?? clock.now
  const records = createRecords({ max, maxBytes, maxAgeMs, now: () => clock.now, monotonicNow })
  return { clock, records, find: (digests: readonly string[]) => records.find(digests, clock.now)?.record ?? null }
}

describe('find', () => {
  it('finds a record that was kept, under whichever of several digests', () => {
    const { records, find } = opened()
    records.keep(A, NOW)
    expect(find([A.digest])).toEqual(A)
    expect(find(['another', A.digest])).toEqual(A)
    expect(find(['another'])).toBeNull()
    expect(find([])).toBeNull()
  })

  it('hands out no record from the instant on at which its token expires', () => {
    const { clock, records, find } = opened()
    const expiring = { ...A, expiresAt: NOW + 5 }
    records.keep(expiring, NOW)
    clock.now = NOW + 4
    expect(find([A.digest])).toEqual(expiring)
    clock.now = NOW + 5
    expect(find([A.digest])).toBeNull()
    clock.now = NOW
    expect(find([A.digest])).toBeNull()
  })

  it('keeps the age of a record from when it was read, used or not', () => {
    const { clock, records, find } = opened({ maxAgeMs: 100 })
    clock.now = NOW + 30
    records.keep(A, NOW)
    clock.now = NOW + 99
    expect(find([A.digest])).toEqual(A)
    records.noteUse({ owner: A.owner, id: A.id, at: NOW + 100 })
    expect(find([A.digest])).toMatchObject({ lastUsedAt: NOW + 100 })
    clock.now = NOW + 100
    expect(find([A.digest])).toBeNull()
  })

  it('makes no record younger when the clock is set back', () => {
    const { clock, records, find } = opened({ maxAgeMs: 100 })
    clock.monotonic = 7
    records.keep(A, 7)
    clock.now = NOW - 3_600_000
    clock.monotonic = 106
    expect(find([A.digest])).toEqual(A)
    clock.monotonic = 107
    expect(find([A.digest])).toBeNull()
  })

  it('makes no record younger when the monotonic clock stands still, as it does while a machine sleeps', () => {
    const { clock, records, find } = opened({ maxAgeMs: 100 })
    clock.monotonic = 7
    records.keep(A, 7)
    clock.now = NOW + 100
    expect(find([A.digest])).toBeNull()
  })

  it('goes by the clock for an expiry', () => {
    const { clock, records, find } = opened({ maxAgeMs: 100 })
    clock.monotonic = 7
    records.keep({ ...A, expiresAt: NOW + 5 }, 7)
    clock.now = NOW + 5
    expect(find([A.digest])).toBeNull()
  })

  it('knows no age where there is no limit to it', () => {
    const { clock, records, find } = opened()
    records.keep(A, NOW)
    clock.now = NOW + 1e12
    expect(find([A.digest])).toEqual(A)
  })
})

describe('findToken', () => {
  it('finds what is cached of one owner, by the rules of find', () => {
    const { clock, records } = opened()
    const findToken = (owner: string, id: string) => records.findToken(owner, id, clock.now)?.record ?? null
    const expiring = { ...A, expiresAt: NOW + 5 }
    records.keep(expiring, NOW)
    expect(findToken(A.owner, A.id)).toEqual(expiring)
    expect(findToken('other', A.id)).toBeNull()
    expect(findToken(A.owner, B.id)).toBeNull()
    clock.now = NOW + 5
    expect(findToken(A.owner, A.id)).toBeNull()
  })

  it('finds a record exactly when it is found by its digest, whatever happened', () => {
    const owners = fc.constantFrom('acme', 'other')
    const ids = fc.constantFrom('a', 'b', 'c')
    const digests = fc.constantFrom('1', '2', '3', '4')
    const token = fc.record({ owner: owners, id: ids })
    const steps = fc.oneof(
      fc.tuple(token, digests, fc.boolean()).map(([facts, digest, isRevoked]) => (records: Records) => {
        // No two tokens are kept under one digest.
        const { owner, id } = facts
        const record = { ...sampleRecord(facts), digest: `${owner} ${id} ${digest}` }
        records.keep({ ...record, revokedAt: isRevoked ? NOW : null }, NOW)
      }),
      fc.tuple(token, digests).map(
        ([{ owner, id }, digest]) =>
          (records: Records) =>
            records.forget(`${owner} ${id} ${digest}`),
      ),
      token.map(
        ({ owner, id }) =>
          (records: Records) =>
            records.forgetToken(owner, id),
      ),
      fc.tuple(token, fc.nat(9)).map(
        ([facts, at]) =>
          (records: Records) =>
            records.noteUse({ ...facts, at: NOW + at }),
      ),
      owners.map((owner) => (records: Records) => records.forgetOwner(owner)),
      fc.constant((records: Records) => records.clear()),
    )
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 30 }), (steps) => {
        const { records } = opened({ max: 3 })
        for (const step of steps) step(records)
        for (const owner of ['acme', 'other']) {
          for (const id of ['a', 'b', 'c']) {
            const all = ['1', '2', '3', '4'].map((digest) => `${owner} ${id} ${digest}`)
            expect(records.findToken(owner, id, NOW)).toBe(records.find(all, NOW))
          }
        }
      }),
    )
  })
})

describe('forgetOwner', () => {
  it('forgets the tokens of one owner, and no others', () => {
    const { records, find } = opened()
    const other = { ...B, owner: `${A.owner} and sons` }
    for (const record of [A, { ...A, id: 'c', digest: 'digest of c' }, other]) records.keep(record, NOW)
    records.forgetOwner(A.owner)
    expect([find([A.digest]), find(['digest of c']), find([B.digest])]).toEqual([null, null, other])
  })
})

describe('keep', () => {
  it('keeps suspended tokens, which can be resumed, and no revoked or expired ones', () => {
    const { records, find } = opened()
    const suspended = { ...A, suspendedAt: NOW }
    records.keep(suspended, NOW)
    expect(find([A.digest])).toEqual(suspended)
    for (const facts of [{ revokedAt: NOW }, { expiresAt: NOW }, { rotatedTo: 'next', overlapEndsAt: NOW }]) {
      records.keep({ ...A, ...facts }, NOW)
      expect(find([A.digest])).toBeNull()
    }
  })

  it('keeps at most as many as it may, and gives up the one that was used longest ago', () => {
    const { records, find } = opened({ max: 2 })
    const c = sampleRecord({ id: 'c', digest: 'digest of c' })
    records.keep(A, NOW)
    records.keep(B, NOW)
    find([A.digest])
    records.keep(c, NOW)
    expect([A, B, c].map(({ digest }) => find([digest]))).toEqual([A, null, c])
    records.forgetToken(B.owner, B.id)
    expect(find([A.digest])).toEqual(A)
  })

  it('makes no room for what it does not keep', () => {
    const { records, find } = opened({ max: 1 })
    records.keep(A, NOW)
    records.keep({ ...B, revokedAt: NOW }, NOW)
    expect(find([A.digest])).toEqual(A)
  })

  it('remembers nothing of what gave way', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const { records, find } = opened({ max: 10 })
    collect()
    const before = process.memoryUsage().heapUsed
    for (let number = 0; number < 100_000; number += 1) {
      records.keep({ ...A, id: `id ${number}`, digest: `digest ${number}` }, NOW)
    }
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000)
    expect(find(['digest 99999'])).not.toBeNull()
  })

  it('keeps a token once: a record under another digest takes the place of the first', () => {
    const { records, find } = opened()
    const rekeyed = { ...A, digest: 'another digest' }
    records.keep(A, NOW)
    records.keep(rekeyed, NOW)
    expect(find([A.digest])).toBeNull()
    expect(find([rekeyed.digest])).toEqual(rekeyed)
    records.forgetToken(A.owner, A.id)
    expect(find([rekeyed.digest])).toBeNull()
  })
})

describe('forget', () => {
  it('forgets one digest and no other', () => {
    const { records, find } = opened()
    records.keep(A, NOW)
    records.keep(B, NOW)
    records.forget(A.digest)
    records.forget('unknown')
    expect([A, B].map(({ digest }) => find([digest]))).toEqual([null, B])
  })
})

describe('forgetOwner', () => {
  it('forgets all of one owner, keeps what is read of it afterwards, and leaves others alone', () => {
    const { records, find } = opened()
    const other = { ...A, owner: 'other', digest: 'digest of the other' }
    for (const record of [A, B, other]) records.keep(record, NOW)
    records.forgetOwner(A.owner)
    records.forgetOwner('nobody')
    expect([A, B, other].map(({ digest }) => find([digest]))).toEqual([null, null, other])
    expect(records.findToken(A.owner, A.id, NOW)).toBeNull()
    for (let times = 0; times < 3; times += 1) records.keep(A, NOW)
    expect(find([A.digest])).toEqual(A)
    expect(records.findToken(A.owner, A.id, NOW)?.record).toEqual(A)
  })

  it('forgets the record of one whose other record has given way to it', () => {
    const { records, find } = opened({ max: 1 })
    records.keep(A, NOW)
    records.keep(B, NOW)
    records.forgetOwner(B.owner)
    expect(find([B.digest])).toBeNull()
  })

  it('has what it forgot give way before all else, a few with each record that is kept', () => {
    const { records, find } = opened({ max: 100 })
    const others = Array.from({ length: 75 }, (_, number) => ({
      ...A,
      owner: 'other',
      id: `${number}`,
      digest: `${number}`,
    }))
    for (const record of others.slice(0, 50)) records.keep(record, NOW)
    for (let number = 0; number < 50; number += 1)
      records.keep({ ...A, id: `id ${number}`, digest: `of ${number}` }, NOW)
    records.forgetOwner(A.owner)
    for (const record of others.slice(50)) records.keep(record, NOW)
    expect(others.filter(({ digest }) => find([digest]) === null)).toEqual([])
  })
})

describe('maxBytes', () => {
  const bytes = bytesOf(A)

  it('has the least recently used give way', () => {
    const { records, find } = opened({ maxBytes: 2 * bytes })
    const C = { ...A, id: 'c', digest: 'digest of c' }
    for (const record of [A, B]) records.keep(record, NOW)
    find([A.digest])
    records.keep(C, NOW)
    expect([A, B, C].map(({ digest }) => find([digest]))).toEqual([A, null, C])
  })

  it('keeps no record that is larger, nor an earlier state of its token', () => {
    const { records, find } = opened({ maxBytes: bytes })
    records.keep(A, NOW)
    expect(find([A.digest])).toEqual(A)
    records.keep({ ...A, name: 'a longer name than before' }, NOW)
    expect(find([A.digest])).toBeNull()
  })
})

describe('forgetToken', () => {
  it("forgets one owner's token and not another's of the same id", () => {
    const { records, find } = opened()
    const namesake = { ...A, owner: 'other', digest: 'digest of the namesake' }
    records.keep(A, NOW)
    records.keep(namesake, NOW)
    records.forgetToken('nobody', A.id)
    records.forgetToken(A.owner, A.id)
    expect([A, namesake].map(({ digest }) => find([digest]))).toEqual([null, namesake])
  })
})

describe('noteUse', () => {
  it('moves lastUsedAt forward, never back, and leaves the record that was handed out', () => {
    const { records, find } = opened()
    records.keep(A, NOW)
    for (const at of [5, 3, 9]) records.noteUse({ owner: A.owner, id: A.id, at: NOW + at })
    expect(find([A.digest])).toEqual({ ...A, lastUsedAt: NOW + 9 })
    records.noteUse({ owner: A.owner, id: A.id, at: NOW + 8 })
    expect(find([A.digest])).toEqual({ ...A, lastUsedAt: NOW + 9 })
    expect(A.lastUsedAt).toBeNull()
    records.forgetToken(A.owner, A.id)
    expect(find([A.digest])).toBeNull()
  })

  it('forgets a token that the use may have extended', () => {
    const { records, find } = opened()
    records.keep(A, NOW)
    records.noteUse({ owner: A.owner, id: A.id, at: NOW + 5, extendTo: NOW + 50 })
    expect(find([A.digest])).toBeNull()
  })

  it('brings back no record that was forgotten', () => {
    const { records, find } = opened()
    records.keep(A, NOW)
    records.forget(A.digest)
    records.noteUse({ owner: A.owner, id: A.id, at: NOW + 5 })
    expect(find([A.digest])).toBeNull()
  })
})

describe('clear', () => {
  it('forgets everything, and takes in again', () => {
    const { records, find } = opened()
    records.keep(A, NOW)
    records.keep(B, NOW)
    records.clear()
    records.noteUse({ owner: A.owner, id: A.id, at: NOW + 5 })
    expect([A, B].map(({ digest }) => find([digest]))).toEqual([null, null])
    records.keep(A, NOW)
    expect(find([A.digest])).toEqual(A)
  })
})
