import type { Header, Reference } from './document.ts'

const text = { type: 'string' }

/** The headers of answers, as components. */
export const headerComponents: Readonly<Record<string, Header>> = {
  Location: {
    description: 'The path of the new token.',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  },
  IdempotentReplayed: {
    description: 'There if the request was carried out before: this is the answer of then.',
    schema: { type: 'string', enum: ['true'] },
  },
  TesseraSecret: {
    description:
      'There if the secret cannot be shown again: rotate the token by its id, or revoke it and issue another.',
    schema: text,
  },
  Challenge: {
    description: 'How to authenticate, and what is wrong with the credential (RFC 6750 §3).',
    required: true,
    schema: text,
  },
  MaybeChallenge: {
    description: 'There if the token is the reason (RFC 6750 §3).',
    schema: text,
  },
  RetryAfter: {
    description: 'The seconds to wait before the next attempt.',
    required: true,
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  Accept: { description: 'There if the media type is the reason: the one that would be taken.', schema: text },
  AcceptEncoding: { description: 'There if the coding is the reason: those that would be taken.', schema: text },
  CacheControl: { description: 'How long the answer may be kept.', required: true, schema: text },
}

export function header(component: string): Reference {
  return { $ref: `#/components/headers/${component}` }
}
