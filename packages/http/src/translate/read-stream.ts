import { badBody, tooLarge } from '../message/body-problems.ts'
import { BODY_LIMIT } from '../message/message.ts'
import { dropRest, isUsed, piecesOf } from './body-stream.ts'
import type { BodyStream } from './body-stream.ts'
import { decoderOf } from './content-coding.ts'

export interface ReadStreamOptions {
  /** Every value of `Content-Encoding`. With it, `decoded` of the `HttpRequest` has to be true. Default: not looked at. */
  readonly contentEncoding?: readonly string[] | undefined
  /** Whether the body was read before: the `bodyUsed` of a web request. Default: what the stream says itself. */
  readonly used?: boolean
}

/**
 * Reads a body of at most {@link BODY_LIMIT} bytes, for `readBody` of an `HttpRequest`. Takes no more of a longer one:
 * the answer can be given at once, and a client that goes on sending is cut off a second later.
 *
 * @param stream `null` for no body.
 * @throws Problem `payload_too_large` over the limit, also if it unpacks to more; `unsupported_media_type` for an unknown
 *   coding; `invalid_request` for a body that breaks off or is not in its coding
 * @throws Error if somebody has read of it before: a fault of the app
 */
export async function readStream(stream: BodyStream | null, options: ReadStreamOptions = {}): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array()
  const decode = decoderOf(options.contentEncoding)
  if (options.used ?? isUsed(stream)) throw bodyUsed()
  return decode(await readBytes(stream))
}

/** The fault of an app that read a body and left nothing of it. */
export function bodyUsed(): Error {
  return new Error('the body was read before: mount handlers of tokens before the parser, or hand on what it made')
}

async function readBytes(stream: BodyStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of piecesOf(stream)) {
      const bytes = bytesOf(piece)
      length += bytes.length
      if (length > BODY_LIMIT) break
      pieces.push(bytes)
    }
  } catch {
    throw badBody('complete')
  }
  if (length <= BODY_LIMIT) return Buffer.concat(pieces)
  dropRest(stream)
  throw tooLarge()
}

/** A stream gives texts if the app has set an encoding. */
function bytesOf(piece: unknown): Uint8Array {
  return piece instanceof Uint8Array ? piece : Buffer.from(String(piece))
}
