import { callHook, checkOptions, isFunction, preview, warn } from '@tessera/core'
import { findSecrets } from '../find/find-secrets.ts'
import { maskSecrets } from '../find/mask-secrets.ts'
import { prefixesRule } from '../find/prefixes-rule.ts'

/** A request, as far as a guard tells it apart. */
export interface GuardedRequest {
  readonly method: string
  /** The path and the query as they were sent. */
  readonly url: string
}

/** A secret that was about to leave. */
export interface StoppedLeak extends GuardedRequest {
  readonly preview: string
}

export interface LeakGuardOptions {
  /** The starts of the secrets, of one API or of several. */
  readonly prefixes: readonly string[]
  /** Whether a response may hold a secret: those of the routes that issue and rotate. Default none. */
  readonly except?: (request: GuardedRequest) => boolean
  /** Called with each stopped leak. Secrets in the URL are masked. Default: a process warning. */
  readonly onLeak?: (leak: StoppedLeak) => unknown
}

/** The guard of one kind of servers. */
export interface Guard {
  readonly prefixes: readonly string[]
  isExcepted(request: GuardedRequest): boolean
  /** The first secret in these headers; `null` if there is none. */
  secretIn(headers: unknown): string | null
  report(request: GuardedRequest, secret: string): void
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function guardOf(factory: string, options: LeakGuardOptions): Guard {
  checkOptions(factory, options, {
    prefixes: { ...prefixesRule, required: true },
    except: { right: 'a function of the request', test: isFunction },
    onLeak: { right: 'a function', test: isFunction },
  })
  const { except, onLeak = warnOfLeak } = options
  const prefixes = [...options.prefixes]
  return {
    prefixes,
    isExcepted: (request) => except?.(request) === true,
    secretIn: (headers) => findSecrets(JSON.stringify(headers) ?? '', prefixes)[0]?.secret ?? null,
    report({ method, url }, secret) {
      const leak = { method, url: maskSecrets(url, null), preview: preview(secret) }
      callHook(`${factory}: option "onLeak"`, () => onLeak(leak), warn)
    },
  }
}

/** The answer in place of one with a secret. */
export const REFUSED_BODY: string = JSON.stringify({
  error: 'server_error',
  error_description: 'The answer was withheld.',
})

function warnOfLeak({ method, url, preview: shown }: StoppedLeak): void {
  warn(new Error(`a response was about to hold the secret ${shown}: ${method} ${url}`))
}
