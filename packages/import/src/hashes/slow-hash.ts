import { hash, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { compare } from 'bcryptjs'

/** Compares a text with a hash of bcrypt. */
export type CompareBcrypt = (text: string, hash: string) => Promise<boolean>

type Check = (text: string, bcrypt: CompareBcrypt) => Promise<boolean>

const MOST_ROUNDS = 10_000_000
const MOST_MEMORY = 256 * 1024 * 1024
const LONGEST = 512

const DIGESTS: readonly string[] = ['sha1', 'sha256', 'sha384', 'sha512']

/** The ways to write a hash; each reads its own fields. */
const FORMATS: readonly (readonly [RegExp, (...fields: readonly string[]) => Check | null])[] = [
  // bcrypt of cost 4 to 16, and Django's before and after hashing the password first
  [
    /^(?:bcrypt\$)?(\$2[aby]\$(?:0[4-9]|1[0-6])\$[./A-Za-z0-9]{53})$/,
    (hashed = '') =>
      (text, bcrypt) =>
        bcrypt(text, hashed),
  ],
  [
    /^bcrypt_sha256\$(\$2[aby]\$(?:0[4-9]|1[0-6])\$[./A-Za-z0-9]{53})$/,
    (hashed = '') =>
      (text, bcrypt) =>
        bcrypt(hash('sha256', text), hashed),
  ],
  // Django: pbkdf2_sha256$600000$salt$base64
  [
    /^pbkdf2_(sha1|sha256)\$(\d+)\$([^$]+)\$([A-Za-z0-9+/=]+)$/,
    (digest = '', rounds, salt = '', key = '') =>
      pbkdf2Check(digest, Number(rounds), Buffer.from(salt), Buffer.from(key, 'base64')),
  ],
  // Werkzeug: pbkdf2:sha256:600000$salt$hex
  [
    /^pbkdf2:([a-z0-9]+):(\d+)\$([^$]+)\$([0-9a-f]+)$/,
    (digest = '', rounds, salt = '', key = '') =>
      pbkdf2Check(digest, Number(rounds), Buffer.from(salt), Buffer.from(key, 'hex')),
  ],
  // passlib: $pbkdf2-sha256$29000$salt$key, with a base64 of its own
  [
    /^\$pbkdf2(?:-(sha256|sha512))?\$(\d+)\$([A-Za-z0-9./]+)\$([A-Za-z0-9./]+)$/,
    (digest = 'sha1', rounds, salt = '', key = '') => pbkdf2Check(digest, Number(rounds), adapted(salt), adapted(key)),
  ],
  // Django: scrypt$salt$16384$8$5$base64, as scrypt$N$salt$r$p$base64
  [
    /^scrypt\$(\d+)\$([^$]+)\$(\d+)\$(\d+)\$([A-Za-z0-9+/=]+)$/,
    (cost, salt = '', size, lanes, key = '') =>
      scryptCheck(
        { N: Number(cost), r: Number(size), p: Number(lanes) },
        Buffer.from(salt),
        Buffer.from(key, 'base64'),
      ),
  ],
  // Werkzeug: scrypt:32768:8:1$salt$hex
  [
    /^scrypt:(\d+):(\d+):(\d+)\$([^$]+)\$([0-9a-f]+)$/,
    (cost, size, lanes, salt = '', key = '') =>
      scryptCheck({ N: Number(cost), r: Number(size), p: Number(lanes) }, Buffer.from(salt), Buffer.from(key, 'hex')),
  ],
  // passlib and PHC: $scrypt$ln=16,r=8,p=1$salt$key
  [
    /^\$scrypt\$ln=(\d{1,2}),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/,
    (log, size, lanes, salt = '', key = '') =>
      scryptCheck(
        { N: 2 ** Number(log), r: Number(size), p: Number(lanes) },
        Buffer.from(salt, 'base64'),
        Buffer.from(key, 'base64'),
      ),
  ],
]

/**
 * Whether a text is a hash of bcrypt, PBKDF2 or scrypt that can be checked, in the writing of Django, Werkzeug, passlib or PHC. It
 * must not cost too much: at most cost 16 of bcrypt, ten million rounds of PBKDF2, 256 MB for all lanes of scrypt.
 */
export function isSlowHash(hashed: string): boolean {
  return checkOf(hashed) !== null
}

/**
 * Whether the text is behind the hash. It takes the time of the hash.
 *
 * @param bcrypt Default that of bcryptjs.
 */
export async function checkSlowHash(text: string, hashed: string, bcrypt: CompareBcrypt = compare): Promise<boolean> {
  return (await checkOf(hashed)?.(text, bcrypt)) ?? false
}

function checkOf(hashed: string): Check | null {
  if (hashed.length > LONGEST) return null
  for (const [format, read] of FORMATS) {
    const fields = format.exec(hashed)
    if (fields !== null) return read(...fields.slice(1))
  }
  return null
}

function pbkdf2Check(digest: string, rounds: number, salt: Buffer, key: Buffer): Check | null {
  if (!DIGESTS.includes(digest) || !isWithin(rounds, MOST_ROUNDS) || !isKey(key)) return null
  return async (text) => timingSafeEqual(await promisify(pbkdf2)(text, salt, rounds, key.length, digest), key)
}

function scryptCheck(cost: { N: number; r: number; p: number }, salt: Buffer, key: Buffer): Check | null {
  const { N, r, p } = cost
  // RFC 7914 §2: N is a power of two below 2^(128 r / 8).
  const isCost = N > 1 && Number.isInteger(Math.log2(N)) && Math.log2(N) < 16 * r && isWithin(r, 64) && isWithin(p, 64)
  if (!isCost || 128 * N * r * p > MOST_MEMORY || !isKey(key)) return null
  const options = { ...cost, maxmem: 2 * MOST_MEMORY }
  return (text) =>
    new Promise((resolve, reject) => {
      scrypt(text, salt, key.length, options, (error, made) =>
        error === null ? resolve(timingSafeEqual(made, key)) : reject(error),
      )
    })
}

/** passlib's base64 has a dot for the plus. */
function adapted(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64')
}

function isKey({ length }: Buffer): boolean {
  return length >= 16 && length <= 128
}

function isWithin(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most
}
