import { generateSecret, preview } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact, redactor } from './redactor.ts'

const secret = generateSecret('acme_pat', '9G')
const shown = preview(secret)
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (iss: string, typ = 'at+jwt') => `${part({ alg: 'ES256', typ, kid: 'a' })}.${part({ iss, sub: 'x' })}.c2ln`

describe('redact', () => {
  it('puts a preview in the place of each secret of a text, of every API, and leaves the rest', () => {
    const prefixes = fc.constantFrom('acme_pat', 'pat', 'a__')
    const parts = fc.array(
      fc.oneof(
        fc.string(),
        prefixes.map((prefix) => ({ secret: generateSecret(prefix, '9G') })),
      ),
    )
    fc.assert(
      fc.property(parts, (all) => {
        const text = all.map((each) => (typeof each === 'string' ? each : each.secret)).join(' ')
        const blanked = all.map((each) => (typeof each === 'string' ? each : preview(each.secret))).join(' ')
        expect(redact(text)).toBe(blanked)
      }),
    )
  })

  it('leaves what has the shape of a secret and no right checksum', () => {
    const mistyped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
    expect(redact(`${mistyped} ${shown}`)).toBe(`${mistyped} ${shown}`)
  })

  it('looks into objects, keys, errors, maps, headers and URLs, and changes none of them', () => {
    const error = Object.assign(new TypeError(`bad ${secret}`, { cause: new Error(secret) }), { code: secret })
    const url = new URL(`https://acme.test/?token=${secret}`)
    const values = {
      ...{ error, url, list: [1, secret], map: new Map([[secret, { secret }]]), set: new Set([secret]) },
      ...{ headers: new Headers({ authorization: `Bearer ${secret}` }), [`key ${secret}`]: null },
      ...{ [Symbol.for('message')]: secret, bare: Object.assign(Object.create(null) as object, { secret }) },
    }
    const blank = redact(values)
    const seen = [blank.error.message, blank.error.stack, (blank.error.cause as Error).message, blank.error.code]
    expect([...seen, ...Object.keys(blank), blank.url].join()).not.toContain(secret)
    expect(blank.error).toBeInstanceOf(TypeError)
    expect(blank.error.message).toBe(`bad ${shown}`)
    expect(blank.url).toBe(url.href.replace(secret, shown))
    expect(blank.list).toEqual([1, shown])
    expect(blank.map).toEqual(new Map([[shown, { secret: shown }]]))
    expect([...blank.set, blank[Symbol.for('message') as never], blank.bare]).toEqual([shown, shown, { secret: shown }])
    expect([...blank.headers]).toEqual([['authorization', `Bearer ${shown}`]])
    expect([error.code, values.list[1], url.href]).toEqual([secret, secret, expect.stringContaining(secret)])
  })

  it('returns the same object if nothing is in it, calls no getter, and goes round a cycle once', () => {
    const clean = { at: new Date(), list: [/a/, new Uint8Array(2)], text: 'a' }
    expect(redact(clean)).toBe(clean)
    const cyclic: { self?: object; secret: string; readonly fails: string } = {
      secret,
      get fails(): string {
        throw new Error('called')
      },
    }
    cyclic.self = cyclic
    const blank = redact(cyclic)
    expect(blank.secret).toBe(shown)
    expect(blank.self).toBe(blank)
    for (const value of [null, undefined, 1, 1n, true, Symbol.iterator]) expect(redact(value)).toBe(value)
  })

  it('leaves every object without a secret as it is, for what it does: a date tells its time to the log', () => {
    class Counter {
      readonly #count = 1
      toJSON() {
        return this.#count
      }
    }
    const values = { secret, at: new Date(0), form: /a/, counter: new Counter(), deep: { at: [new Date(1)] } }
    const blank = redact(values)
    expect(JSON.stringify(blank)).toBe(JSON.stringify(values).replace(secret, shown))
    expect(blank.form.test('a')).toBe(true)
    const wide = redact([new Date(0), secret, Array.from({ length: 10_100 }, () => ({}))])
    expect(JSON.stringify(wide)).toMatch(/^\["1970-01-01T00:00:00.000Z","acme_pat_/)
  })

  it('sees the text in a boxed string and in the exception of an aborted request', () => {
    const boxed: unknown = new String(secret)
    expect(redact({ boxed })).toEqual({ boxed: shown })
    const aborted = redact(new DOMException(secret, 'AbortError'))
    expect([aborted.name, aborted.message, aborted.stack?.includes(secret)]).toEqual(['AbortError', shown, false])
  })

  it('is bounded in objects, and shows none that it has not looked at', () => {
    let deep: object = { secret }
    for (let depth = 0; depth < 9_000; depth += 1) deep = [deep]
    const wide = redact(Array.from({ length: 10_100 }, (_, index) => ({ text: index % 1_000 === 0 ? secret : 'a' })))
    expect(wide.at(-1)).toBe('[left out]')
    expect(JSON.stringify(wide)).not.toContain(secret)
    expect(JSON.stringify(redact(deep))).toMatch(/^\[+"\[left out\]"\]+$/)
  })

  it.each([
    'a_',
    `${'a'.repeat(47)}_`,
    'eyJ',
    'eyJ.',
    part({ typ: 'at+jwt', iss: 'https://acme.test' }),
    `${part({ typ: 'at+jwt', iss: 'a' })}.`,
  ])('reads half a megabyte of %s in linear time', (piece) => {
    const blank = redactor({ issuers: ['https://acme.test'] })
    const timeOf = (bytes: number) => {
      const text = piece.repeat(bytes / piece.length)
      const begun = performance.now()
      blank(text)
      return performance.now() - begun
    }
    // The shortest of three: whatever else runs here only adds to it.
    const shortest = (bytes: number) => Math.min(timeOf(bytes), timeOf(bytes), timeOf(bytes))
    timeOf(50_000)
    expect(shortest(500_000)).toBeLessThan(40 * Math.max(5, shortest(50_000)))
  })
})

describe('redactor', () => {
  it('looks for some prefixes only', () => {
    expect(redactor({ prefixes: ['other'] })(secret)).toBe(secret)
    expect(redactor({ prefixes: ['other', 'acme_pat'] })(secret)).toBe(shown)
  })

  it('blanks the signed access tokens of its issuers, expired or not', () => {
    const blank = redactor({ issuers: ['https://acme.test'] })
    const own = jwt('https://acme.test')
    expect(blank(`Bearer ${own}, ?access_token=${own}&x token-${own}`)).toBe(
      'Bearer [access token], ?access_token=[access token]&x token-[access token]',
    )
    const foreign = `${jwt('https://other.test')} ${jwt('https://acme.test', 'JWT')} www.acme.test`
    expect(blank(foreign)).toBe(foreign)
    expect(redact(own)).toBe(own)
  })

  it('refuses wrong options by name', () => {
    for (const prefixes of [['.*'], []])
      expect(() => redactor({ prefixes })).toThrow('option "prefixes" must be a list of at least one')
    expect(() => redactor({ issuer: 'a' } as never)).toThrow('unknown option "issuer"')
  })
})
