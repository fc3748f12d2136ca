import { describe, expect, it } from 'vitest'
import { checkSlowHash, isSlowHash } from './slow-hash.ts'

const KEY = 'A'.repeat(43)

describe('isSlowHash', () => {
  it.each([
    '',
    'plain',
    'pbkdf2_md5$1000$salt$AAAA',
    'pbkdf2_sha256$0$salt$AAAAAAAAAAAAAAAAAAAAAAAA',
    'pbkdf2_sha256$99999999$salt$AAAAAAAAAAAAAAAAAAAAAAAA',
    'pbkdf2_sha256$1000$salt$AAAA',
    'pbkdf2:md5:1000$salt$0123456789abcdef0123456789abcdef',
    'scrypt:1000:8:1$salt$0123456789abcdef0123456789abcdef',
    'scrypt:4194304:8:1$salt$0123456789abcdef0123456789abcdef',
    `$scrypt$ln=30,r=8,p=1$${KEY}$${KEY}`,
    '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA',
    `$2b$10$${'a'.repeat(52)}`,
    ...['$2x$10$', '$2b$03$', '$2b$17$', '$2b$99$'].map((start) => start + 'a'.repeat(53)),
    'scrypt:65536:1:1$salt$0123456789abcdef0123456789abcdef',
    'scrypt:131072:8:4$salt$0123456789abcdef0123456789abcdef',
    `$2b$10$${'a'.repeat(53)}${' '.repeat(500)}`,
  ])('is no for %j: unknown, broken, or too costly', async (hashed) => {
    expect(isSlowHash(hashed)).toBe(false)
    expect(await checkSlowHash('text', hashed)).toBe(false)
  })

  it('is yes for bcrypt, also as Django writes it', async () => {
    const bcrypt = `$2b$10$${'a'.repeat(53)}`
    const asked: string[][] = []
    const compare = async (...args: [string, string]) => asked.push(args) > 0
    for (const hashed of [bcrypt, `bcrypt$${bcrypt}`, `bcrypt_sha256$${bcrypt}`]) {
      expect(isSlowHash(hashed)).toBe(true)
      expect(await checkSlowHash('abc', hashed, compare)).toBe(true)
    }
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(asked).toEqual(['abc', 'abc', sha256].map((text) => [text, bcrypt]))
  })
})
