/** Whatever a client shows in the header `Authorization`. */
export interface Credential {
  /** The header's value at this moment. */
  header(): Promise<string>
  /** Whether there is another than the refused one by now. It is read again, if it can be. */
  isRenewed(refused: string): Promise<boolean>
}

/** The secret of a token, as a credential. */
export interface OwnSecret extends Credential {
  secret(): Promise<string>
  /** Everything from now on is asked with this one. */
  replace(secret: string): void
}

/** A value, or a function that reads it from its place. */
export type Source = string | (() => string | Promise<string>)

const SCHEME = 'Bearer '
/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const SECRET = /^[A-Za-z0-9\-._~+/]{1,512}=*$/
const HEADER = /^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/

export function isSecret(value: unknown): value is string {
  return typeof value === 'string' && SECRET.test(value)
}

export const isHeader = (value: unknown): value is string => typeof value === 'string' && HEADER.test(value)

/** The parts of a header's value that must not be shown. */
export function secretsIn(header: string): readonly string[] {
  const credentials = header.slice(header.indexOf(' ') + 1)
  return [header, credentials].filter((each) => each.length >= 4)
}

/** Keeps the newest secret of a token. A source that is a function is read at the first call, and after a refusal. */
export function ownSecret(source: Source): OwnSecret {
  const read = reader(source, 'token', "a token's secret", isSecret)
  let newest: string | null = null
  let reading: Promise<void> | null = null

  /** Shared by all callers. If a rotation replaced the secret meanwhile, the newer one stays. */
  async function readAgain(): Promise<void> {
    const before = newest
    reading ??= read().then(
      (secret) => {
        if (newest === before) newest = secret
        reading = null
      },
      (error: unknown) => {
        reading = null
        throw error
      },
    )
    return reading
  }

  async function secret(): Promise<string> {
    while (newest === null) await readAgain()
    return newest
  }

  return {
    secret,
    header: async () => SCHEME + (await secret()),
    async isRenewed(refused) {
      if (newest !== null && SCHEME + newest !== refused) return true
      if (typeof source === 'string') return false
      await readAgain()
      return SCHEME + (await secret()) !== refused
    },
    replace(secret) {
      newest = secret
    },
  }
}

/** A value of the app's own, such as that of a session. */
export function givenHeader(source: Source): Credential {
  const header = reader(source, 'authorization', 'the header\'s value in ASCII, e.g. "Basic …"', isHeader)
  return {
    header,
    isRenewed: async (refused) => typeof source !== 'string' && (await header()) !== refused,
  }
}

/** @throws TypeError without the value: it may be half a secret */
function reader(
  source: Source,
  option: string,
  right: string,
  test: (value: string) => boolean,
): () => Promise<string> {
  function checked(value: unknown): string {
    // Files end in a line break.
    const trimmed = typeof value === 'string' ? value.trim() : ''
    if (!test(trimmed)) throw new TypeError(`createClient: option "${option}" must be ${right}, or a function for it`)
    return trimmed
  }
  if (typeof source === 'function') return async () => checked(await source())
  const value = checked(source)
  return async () => value
}
