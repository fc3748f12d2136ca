import { describe, expect, it } from 'vitest'
import { HOUR, KEY, NOW } from '../../testing/open-access.ts'
import { generateAccessKey, loadAccessKey } from './access-key.ts'
import type { AccessKey } from './access-key.ts'
import { createKeyRing } from './key-ring.ts'

const OTHER = await generateAccessKey('ES256')
const OUTLIVE_MS = 300_000
const starting = (at: number) => new Date(at)
const kidOf = (key: AccessKey) => loadAccessKey(key)?.published.kid ?? expect.fail('a key that cannot be read')
const [KID, OTHER_KID] = [kidOf(KEY), kidOf(OTHER)]

function ring() {
  const keys = [{ key: OTHER, startsAt: starting(NOW + HOUR) }, { key: KEY }]
  return createKeyRing(keys, OUTLIVE_MS) ?? expect.fail('keys that are refused')
}

describe('createKeyRing', () => {
  it('signs with each key from the instant on at which it starts, whatever order they are listed in', () => {
    const { current } = ring()
    expect([0, NOW, NOW + HOUR - 1].map((at) => current(at).published.kid)).toEqual([KID, KID, KID])
    expect([NOW + HOUR, NOW + 9 * HOUR].map((at) => current(at).published.kid)).toEqual([OTHER_KID, OTHER_KID])
  })

  it('knows and publishes a key before it signs, and until the last token that it signed has expired', () => {
    const { find, published } = ring()
    const last = NOW + HOUR + OUTLIVE_MS
    const kidsAt = (at: number) => published(at).keys.map(({ kid }) => kid)
    for (const at of [NOW, NOW + HOUR, last - 1]) {
      expect(kidsAt(at)).toEqual([KID, OTHER_KID])
      expect(find(KID, 'EdDSA', at)?.type).toBe('public')
      expect(find(OTHER_KID, 'ES256', at)?.type).toBe('public')
    }
    expect(kidsAt(last)).toEqual([OTHER_KID])
    expect(find(KID, 'EdDSA', last)).toBeNull()
  })

  it('gives out public keys that nobody can change for others', () => {
    const { find, published } = ring()
    for (const key of published(NOW).keys) Reflect.set(key, 'kid', 'changed')
    expect(published(NOW).keys.map(({ kid }) => kid)).toEqual([KID, OTHER_KID])
    expect(find(KID, 'EdDSA', NOW)).not.toBeNull()
  })

  it('finds a key for its own algorithm only', () => {
    expect(ring().find(KID, 'ES256', NOW)).toBeNull()
    expect(ring().find('unknown', 'EdDSA', NOW)).toBeNull()
  })

  it.each([
    ['no list', KEY],
    ['an empty list', []],
    ['nothing in the list', [null]],
    ['a bare key', [KEY]],
    ['a key that cannot be read', [{ key: { ...KEY, alg: 'HS256' } }]],
    ['no key that starts at the beginning', [{ key: KEY, startsAt: starting(NOW) }]],
    ['two keys that start at the beginning', [{ key: KEY }, { key: OTHER }]],
    ['two keys that start at once', [{ key: KEY }, ...[OTHER, OTHER].map((key) => ({ key, startsAt: starting(NOW) }))]],
    ['one key twice', [{ key: KEY }, { key: KEY, startsAt: starting(NOW) }]],
    ['an instant that is none', [{ key: KEY }, { key: OTHER, startsAt: starting(Number.NaN) }]],
    ['an instant of another type', [{ key: KEY }, { key: OTHER, startsAt: NOW }]],
    ['an unknown member', [{ key: KEY, startAt: starting(NOW) }]],
  ])('refuses %s', (_, keys) => {
    expect(createKeyRing(keys, OUTLIVE_MS)).toBeNull()
  })
})
