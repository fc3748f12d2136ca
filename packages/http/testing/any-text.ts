import * as fc from 'fast-check'

/** Any UTF-16 units: control characters and lone surrogates too. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.nat(0xff_ff).map((unit) => String.fromCharCode(unit)) }),
)
