import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { badBody, tooLarge, unsupportedCoding } from '../message/body-problems.ts'
import { codingsOf } from '../message/content-encoding.ts'
import { BODY_LIMIT } from '../message/message.ts'

type Decode = (bytes: Uint8Array) => Uint8Array

const WITHIN = { maxOutputLength: BODY_LIMIT }
const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', (bytes) => gunzipSync(bytes, WITHIN)],
  ['x-gzip', (bytes) => gunzipSync(bytes, WITHIN)],
  ['deflate', (bytes) => inflateSync(bytes, WITHIN)],
  ['br', (bytes) => brotliDecompressSync(bytes, WITHIN)],
])

/**
 * Finds what undoes the codings of a body: gzip, deflate or br, and one at most.
 *
 * @param contentEncoding Every value of the header.
 * @returns A function that throws `payload_too_large` for more than {@link BODY_LIMIT} bytes, and `invalid_request` for
 *   bytes that are not in the coding.
 * @throws Problem `unsupported_media_type` for any other coding
 */
export function decoderOf(contentEncoding: readonly string[] | undefined): Decode {
  const [coding, ...others] = codingsOf(contentEncoding)
  if (coding === undefined) return (bytes) => bytes
  const decode = DECODERS.get(coding)
  if (decode === undefined || others.length > 0) throw unsupportedCoding(['gzip', 'deflate', 'br', 'identity'])
  return (bytes) => decoded(bytes, decode, coding)
}

function decoded(bytes: Uint8Array, decode: Decode, coding: string): Uint8Array {
  if (bytes.length === 0) return bytes
  try {
    return decode(bytes)
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : badBody(`in ${coding}, as its Content-Encoding says`)
  }
}
