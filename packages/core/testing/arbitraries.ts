import * as fc from 'fast-check'

export const prefixes: fc.Arbitrary<string> = fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/)

/** Any UTF-16 units: control characters and lone surrogates too. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  const units = fc.nat(0xff_ff).map((unit) => String.fromCharCode(unit))
  return fc.oneof(fc.string({ maxLength }), fc.string({ unit: units, maxLength }))
}
