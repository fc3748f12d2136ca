import { kindOf } from '../../setup/check-names.ts'
import { TokenError } from '../../token/errors.ts'
import type { TokenErrorCode } from '../../token/errors.ts'
import { checkOwner } from './issue-request.ts'

/** The first owner left out for one reason, and how many more there were. */
interface LeftOut {
  readonly name: string
  readonly error: TokenError
  more: number
}

const LONGEST = 64

/**
 * Does the work for each owner of a schedule, one after the other. An owner that cannot be, or whose work is refused, is left
 * out, and named in an error at the end: one for each code. Any other failure ends it.
 */
export async function forEachOwner(
  owners: () => Iterable<string> | AsyncIterable<string>,
  work: (owner: string) => Promise<unknown>,
  onError: (error: Error) => void,
): Promise<void> {
  const leftOut = new Map<TokenErrorCode, LeftOut>()
  try {
    for await (const owner of owners()) {
      try {
        checkOwner(owner)
        await work(owner)
      } catch (error) {
        if (!(error instanceof TokenError)) throw error
        const earlier = leftOut.get(error.code)
        if (earlier === undefined) leftOut.set(error.code, { name: nameOf(owner), error, more: 0 })
        else earlier.more += 1
      }
    }
  } finally {
    for (const each of leftOut.values()) onError(errorOf(each))
  }
}

function nameOf(owner: unknown): string {
  return typeof owner === 'string' ? JSON.stringify(owner.slice(0, LONGEST)) : kindOf(owner)
}

function errorOf({ name, error, more }: LeftOut): TokenError {
  const whose = more === 0 ? `the owner ${name} is` : `the owner ${name} and ${more} more are`
  return new TokenError(error.code, `${whose} left out: ${error.message}`, error.details)
}
