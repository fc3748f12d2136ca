import { digestSecret, preview } from '@tessera/core'
import * as fc from 'fast-check'

/** What somebody may present who knows everything about the tokens but the one secret that opens the door. */
export interface Known {
  /** Secrets of every API and status. */
  readonly secrets: readonly string[]
  readonly ids: readonly string[]
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LONGEST = 100_000

const oddities = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '[object Object]', 'null', 'undefined'],
  ...['true', '0', '-1', 'NaN', '*', '%', '%00', '..', '../../etc/passwd', "' OR 1=1 --", '{"$gt":""}', '${secret}'],
  ...['Bearer', 'eyJhbGciOiJub25lIn0.e30.', 'ot_pat_', '_'.repeat(49), `ot_pat_${'0'.repeat(48)}`],
]

/** One byte as a character; control characters, which end the header for Node, only now and then. */
const byte = fc.oneof(
  { weight: 200, arbitrary: fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x1f }) },
)
export const byteText: fc.Arbitrary<string> = fc
  .array(byte, { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes))

/** Anything that may be presented as a secret; one of the known ones among it. */
export function presentedSecret({ secrets, ids }: Known): fc.Arbitrary<string> {
  const secret = fc.constantFrom(...secrets)
  return fc.oneof(
    { weight: 10, arbitrary: secret },
    { weight: 50, arbitrary: secret.chain(nearMiss) },
    { weight: 10, arbitrary: fc.constantFrom(...ids) },
    { weight: 10, arbitrary: secret.map(derived) },
    { weight: 10, arbitrary: fc.constantFrom(...oddities) },
    { weight: 15, arbitrary: byteText },
    { weight: 5, arbitrary: fc.tuple(secret, secret).map(([one, other]) => one.slice(0, -48) + other.slice(-48)) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(LONGEST), secret).map(([length, start]) => start.padEnd(length, start)) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(LONGEST), fc.constantFrom(...' ,=_.-~+/aé')).map(([n, c]) => c.repeat(n)) },
  )
}

/** A secret with one character changed, dropped, added, swapped with the next, in another case, or cut or doubled. */
function nearMiss(secret: string): fc.Arbitrary<string> {
  const at = fc.nat(secret.length - 1)
  const character = fc.constantFrom(...BASE62, '_', '-', ' ', '\t', ',', '=', '\xe9')
  return fc.tuple(at, character, fc.nat(7)).map(([index, character, kind]) => {
    const [before, own, after] = [secret.slice(0, index), secret.charAt(index), secret.slice(index + 1)]
    const flipped = own === own.toUpperCase() ? own.toLowerCase() : own.toUpperCase()
    const misses = [
      ...[before + character + after, before + after, before + character + own + after],
      ...[before + after.charAt(0) + own + after.slice(1), before + flipped + after],
      ...[before, after, secret + secret.slice(index)],
    ]
    return misses[kind] ?? ''
  })
}

/** What others see of a secret, or stores keep of it. */
function derived(secret: string): string {
  const digest = digestSecret(secret)
  const bytes = Buffer.from(digest, 'base64url')
  const forms = [
    digest,
    bytes.toString('hex'),
    bytes.toString('base64'),
    preview(secret),
    preview(secret).slice(0, -12),
  ]
  return forms[digest.charCodeAt(0) % forms.length] ?? ''
}
