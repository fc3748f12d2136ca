import { BODY_LIMIT } from './message.ts'
import { Problem } from './problem.ts'

export function tooLarge(): Problem {
  return new Problem('payload_too_large', `The body must be at most ${BODY_LIMIT} bytes.`)
}

export function badBody(right: string): Problem {
  return new Problem('invalid_request', `The body must be ${right}.`)
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16 for the header that names what would be accepted */
export function unsupportedType(mediaType: string): Problem {
  return new Problem('unsupported_media_type', `The body must be ${mediaType} in UTF-8.`, {
    headers: { Accept: mediaType },
  })
}

/** @param codings Those that would be accepted. */
export function unsupportedCoding(codings: readonly string[]): Problem {
  return new Problem('unsupported_media_type', 'The encoding of the body is not supported.', {
    headers: { 'Accept-Encoding': codings.join(', ') },
  })
}
