import type { OptionRule } from '@tessera/core'

/** A valid name of a schema. */
export const schemaRule: OptionRule = {
  right: 'a lower-case letter, then up to 62 of [a-z0-9_], and not begin with pg_',
  test: (value) => typeof value === 'string' && /^(?!pg_)[a-z][a-z0-9_]{0,62}$/.test(value),
}
