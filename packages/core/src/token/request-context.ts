import { isAddress } from './network.ts'
import { isLine } from './text.ts'

/** Where a request came from, for the events. */
export interface RequestContext {
  /** The client's address, IPv4 or IPv6. Anything else is left out. */
  readonly ip?: string | null | undefined
  /** The app's own name of the request. Its first 128 characters count, unless one is a control character. */
  readonly requestId?: string | null | undefined
}

/** A function is called only if there is an event. */
export type ContextSource = RequestContext | (() => RequestContext)

/** A context as events have it; `null` for what is unknown. */
export interface Origin {
  readonly ip: string | null
  readonly requestId: string | null
}

const MOST_CHARACTERS = 128

export function originOf({ ip, requestId }: RequestContext): Origin {
  return { ip: isAddress(ip) ? ip : null, requestId: shortened(requestId) }
}

function shortened(text: unknown): string | null {
  if (typeof text !== 'string') return null
  // A character is one or two UTF-16 units.
  const short = [...text.slice(0, 2 * MOST_CHARACTERS)].slice(0, MOST_CHARACTERS).join('')
  return isLine(short) ? short : null
}
