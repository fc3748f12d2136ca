import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { ScryptOptions } from 'node:crypto'

export const SHORTEST = 12
export const LONGEST = 200

/** 16 MB and some tenths of a second a guess, as OWASP's cheat sheet on password storage has it. */
const COST = { N: 2 ** 14, r: 8, p: 5, maxmem: 64 * 1024 * 1024 } as const satisfies ScryptOptions
const BYTES = 32

/** @returns `scrypt$SALT$HASH`; the name leaves room for another function or cost. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return ['scrypt', salt.toString('base64url'), (await derive(password, salt)).toString('base64url')].join('$')
}

/** @param stored `null` for nobody: the answer takes as long, so that it does not show who has an account. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  const [, salt = '', hash = ''] = (stored ?? '').split('$')
  const derived = await derive(password.slice(0, LONGEST + 1), Buffer.from(salt, 'base64url'))
  const expected = Buffer.from(hash, 'base64url')
  return expected.length === BYTES && timingSafeEqual(derived, expected)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
