import { describe, expect, it } from 'vitest'
import { settingsOf } from './options.ts'
import type { RedisStoreOptions } from './options.ts'

const WRONG: readonly (readonly [string, unknown])[] = [
  ['keyPrefix', ''],
  ['keyPrefix', 'a{b}'],
  ['keyPrefix', 'a*'],
  ['keyPrefix', 'x'.repeat(65)],
  ['keyPrefix', 7],
  ['deadlineMs', 0],
  ['deadlineMs', 1.5],
  ['deadlineMs', Number.POSITIVE_INFINITY],
  ['minReplicas', -1],
  ['minReplicas', '1'],
  ['changesKept', 0],
  ['changesKept', 10_001],
  ['leaseMs', 9],
  ['leaseMs', 10_001],
  ['allowEviction', true],
  ['ttl', 1],
]

describe('settingsOf', () => {
  it('has a default for every option', () => {
    expect(settingsOf({})).toEqual({
      keyPrefix: 'tessera:',
      deadlineMs: 1_000,
      minReplicas: 0,
      changesKept: 2_000,
      clockToleranceMs: 60_000,
      leaseMs: undefined,
    })
  })

  it.each(WRONG)('refuses %s: %j and names it', (name, value) => {
    const options = { [name]: value } as RedisStoreOptions
    expect(() => settingsOf(options)).toThrow(TypeError)
    expect(() => settingsOf(options)).toThrow(`"${name}"`)
  })
})
