const LONGEST = 8_192

/**
 * Whether a text is a signed JWT in its one issued form: three parts of base64url without padding, white space or other
 * characters, with zero as unused bits. Decoders overlook all of these, so one signature would be good for many texts.
 * Costs nothing for a text over 8,192 characters, and needs no key.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function isCompactForm(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > LONGEST) return false
  const parts = text.split('.', 4)
  return parts.length === 3 && parts.every(isBase64Url)
}

function isBase64Url(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}
