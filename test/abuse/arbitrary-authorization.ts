import * as fc from 'fast-check'
import { byteText, presentedSecret } from './arbitrary-secret.ts'
import type { Known } from './arbitrary-secret.ts'

export type Header = readonly [name: string, value: string]

/** A request's headers, of which `credentials` are those that are named Authorization, however it is written. */
export interface Presented {
  readonly headers: readonly Header[]
  readonly credentials: readonly string[]
  /** A query that offers a secret where none is read. */
  readonly query: string
}

const schemes = [
  ...[
    'Bearer',
    'Bearer',
    'Bearer',
    'Bearer',
    'bearer',
    'BEARER',
    'bEaReR',
    'Basic',
    'Digest',
    'Token',
    'DPoP',
    'Negotiate',
  ],
  ...[
    '',
    'Bearer:',
    'Bearer,',
    'Bearer=',
    '"Bearer"',
    'Bearerr',
    'Beare',
    'Bearer Bearer',
    'X, Bearer',
    'Basic x, Bearer',
  ],
]
const separators = [
  ' ',
  ' ',
  ' ',
  ' ',
  '',
  '  ',
  '   ',
  ' '.repeat(99),
  '\t',
  ' \t',
  '\t ',
  ',',
  ', ',
  '=',
  ':',
  '\xa0',
  '%20',
]
const tails = [
  ...Array.from({ length: 20 }, () => ''),
  ' ',
  '\t',
  '  \t ',
  ',',
  ';',
  ' x',
  '=',
  '\xa0',
  '\r',
  '\0',
  '\r\n folded',
]
const names = ['Authorization', 'Authorization', 'authorization', 'AUTHORIZATION', 'aUTHORIZATION']
const otherNames = ['Proxy-Authorization', 'X-Authorization', 'Authorisation', 'Authorization-', 'X-Api-Key', 'Cookie']
const carriers = ['access_token', 'token', 'authorization', 'bearer', 'access_token[]', 'access_token[0]', '__proto__']

export function presentation(known: Known): fc.Arbitrary<Presented> {
  const secret = presentedSecret(known)
  const offered = fc.constantFrom(...known.secrets)
  const value = fc.oneof(
    {
      weight: 10,
      arbitrary: fc
        .tuple(fc.constantFrom(...schemes), fc.constantFrom(...separators), secret, fc.constantFrom(...tails))
        .map((parts) => parts.join('')),
    },
    { weight: 3, arbitrary: secret.map((each) => `Bearer ${each}`) },
    { weight: 1, arbitrary: fc.tuple(secret, secret).map(([one, other]) => `Bearer ${one}, Bearer ${other}`) },
    { weight: 1, arbitrary: byteText },
  )
  const credential = fc.tuple(fc.constantFrom(...names), value)
  const decoy = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...otherNames), fc.constantFrom('', 'Bearer ', 'access_token='), offered)
        .map(([name, before, text]): Header[] => [[name, before + text]]),
    },
  )
  const query = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...carriers), offered).map(([name, text]) => `?${name}=${text}`) },
  )
  const counted = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 15, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.constant(2) },
    { weight: 1, arbitrary: fc.constant(3) },
  )
  return fc
    .tuple(counted, fc.array(credential, { minLength: 3, maxLength: 3 }), decoy, query)
    .map(([count, all, others, query]) => {
      const given = all.slice(0, count)
      return { headers: [...others, ...given], credentials: given.map(([, text]) => text), query }
    })
    .filter(({ headers }) => !isNearLimit(headers))
}

/** The server's limit on a request's headers is 128 kB, in which Node counts a little more than names and values. */
const SURELY_READ = 127_000
const SURELY_REFUSED = 135_000
const READABLE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Whether an API gets to see the headers: Node's parser refuses control characters and headers over the limit. */
export function isReadable(headers: readonly Header[]): boolean {
  return headersLength(headers) <= SURELY_READ && headers.every(([, value]) => READABLE.test(value))
}

function isNearLimit(headers: readonly Header[]): boolean {
  const length = headersLength(headers)
  return length > SURELY_READ && length < SURELY_REFUSED
}

function headersLength(headers: readonly Header[]): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
}
