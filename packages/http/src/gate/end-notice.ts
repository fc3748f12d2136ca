import { endsAt, isFunction, systemClock } from '@tessera/core'
import type { Names, OptionRule, Token } from '@tessera/core'
import type { HttpResponse } from '../message/message.ts'
import { isTamperProof } from '../message/url-rule.ts'

/** When answers announce the end of the token that asked, and where to read more. */
export interface EndNotice {
  /** How long before the end of a token its answers begin to announce it, in milliseconds. */
  readonly withinMs: number
  /** A page about it, an https URL. Default none. */
  readonly link?: string | undefined
  /** The clock, in epoch milliseconds. Default `() => Date.now()`. */
  readonly now?: (() => number) | undefined
}

const NAMES: Names<EndNotice> = { withinMs: true, link: true, now: true }

/** A valid {@link EndNotice}. */
export const endNoticeRule: OptionRule = {
  right: 'an object: { withinMs, a positive number of milliseconds; link, an https URL; now, a function }',
  test: isEndNotice,
  names: NAMES,
}

/**
 * The headers of an answer to a token with a near end: `Sunset` with its end, `Deprecation` with the time since, and `Link`.
 * A replaced token has them for its whole overlap, since its rotation. The RFCs speak of resources; here the credential is
 * meant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8594#section-3
 * @see https://www.rfc-editor.org/rfc/rfc9745#section-2.1
 */
export function endNoticeHeaders(
  token: Token,
  { withinMs, link, now = systemClock }: EndNotice,
): HttpResponse['headers'] | null {
  const end = endsAt(token)?.getTime()
  if (end === undefined) return null
  const isReplaced = token.rotatedTo !== null
  if (!isReplaced && now() <= end - withinMs) return null
  const since = isReplaced ? token.updatedAt.getTime() : Math.max(end - withinMs, token.createdAt.getTime())
  return {
    Deprecation: `@${Math.floor(since / 1000)}`,
    Sunset: new Date(end).toUTCString(),
    ...(link !== undefined && { Link: `<${link}>; rel="deprecation", <${link}>; rel="sunset"` }),
  }
}

function isEndNotice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { withinMs, link, now } = value as Readonly<Record<string, unknown>>
  const isTime = typeof withinMs === 'number' && Number.isFinite(withinMs) && withinMs > 0
  return isTime && (link === undefined || isPage(link)) && (now === undefined || isFunction(now))
}

function isPage(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) && !/[<>"]/.test(value) && isHttps(value)
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && isTamperProof(new URL(text))
}
