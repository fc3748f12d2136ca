import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** The owner, the token and the purpose of a sealed secret; it opens for nothing else. */
export type SealContext = {
  readonly owner: string
  /** The id of the token whose secret is sealed. */
  readonly to: string
} & (
  | {
      /** The id of the rotated token. Its secret is the key. */
      readonly from: string
    }
  | {
      /** The idempotency key of the request. */
      readonly request: string
    }
)

const VERSION = 'v1'
const INFO = 'tessera sealed successor v1'
const SALT_BYTES = 16
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a secret under another one. Only a holder of that can open it; a store with both records cannot. AES-256-GCM,
 * with key and nonce from the other secret and a random salt by HKDF-SHA-256.
 */
export function sealSecret(secret: string, under: string, context: SealContext): string {
  const salt = randomBytes(SALT_BYTES)
  const { key, nonce } = keyFrom(under, salt)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(context))
  const sealed = Buffer.concat([salt, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${sealed.toString('base64url')}`
}

/** The sealed secret; `null` if it was sealed under another secret, for other tokens, or was changed. */
export function openSecret(sealed: string, under: string, context: SealContext): string | null {
  if (!sealed.startsWith(`${VERSION}.`)) return null
  const bytes = Buffer.from(sealed.slice(VERSION.length + 1), 'base64url')
  if (bytes.length < SALT_BYTES + TAG_BYTES) return null
  const { key, nonce } = keyFrom(under, bytes.subarray(0, SALT_BYTES))
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
  const secret = decipher.update(bytes.subarray(SALT_BYTES, -TAG_BYTES), undefined, 'utf8')
  try {
    return secret + decipher.final('utf8')
  } catch {
    return null
  }
}

function keyFrom(secret: string, salt: Uint8Array): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const derived = new Uint8Array(hkdfSync('sha256', secret, salt, INFO, KEY_BYTES + NONCE_BYTES))
  return { key: derived.subarray(0, KEY_BYTES), nonce: derived.subarray(KEY_BYTES) }
}

function boundTo(context: SealContext): Uint8Array {
  const { owner, to } = context
  const purpose = 'from' in context ? [context.from] : ['request', context.request]
  return Buffer.from(JSON.stringify([owner, ...purpose, to]))
}
