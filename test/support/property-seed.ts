import * as fc from 'fast-check'

// One commit, one answer: property tests draw the same cases in each run unless others are asked for.
const seed = process.env['TESSERA_SEED'] ?? '1'

if (seed !== 'random') {
  if (!/^\d{1,9}$/.test(seed)) throw new Error('TESSERA_SEED must be a whole number of up to 9 digits, or "random"')
  fc.configureGlobal({ seed: Number(seed) })
}
