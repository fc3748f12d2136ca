import { DAY_MS, checkOptions, clockRule, isBoolean, isFunction, isScope, isString } from '@tessera/core'
import type { OptionRule, Tokens } from '@tessera/core'
import { mountPathRule, optionRules, originsRule } from '@tessera/http'
import type { HttpRequest, MaybeCaller } from '@tessera/http'
import { checkSources } from './html/sources.ts'
import { themeDefaults } from './html/style.ts'
import type { Appearance } from './pages/document.ts'
import type { PageOptions } from './pages/view.ts'
import { checkTexts } from './words/check-texts.ts'
import type { Texts } from './words/english.ts'

export interface TokenPageOptions<Scope extends string = string> extends PageOptions<Scope>, Appearance {
  /**
   * The person who signed in; `null` for nobody. It may throw a `Problem`. Default: the caller found by the adapter.
   * `createdBy` is kept with new tokens. `scopes` are the most to grant, `null` for everything.
   */
  readonly caller?: (request: HttpRequest) => MaybeCaller | Promise<MaybeCaller>
  /** The path of the page, if the app is behind a proxy that changes it. Default the mount point. */
  readonly basePath?: string
  /** The language of dates, numbers and plurals: a tag of BCP 47. Default `en`. */
  readonly lang?: string
  /** Texts in place of the English ones. `arabic` is a whole set. */
  readonly texts?: Partial<Texts>
  /** The time zone of instants. Default `UTC`. */
  readonly timeZone?: string
  /** The origins of other sites whose pages may send the forms. Default none. */
  readonly origins?: readonly string[]
  /** The clock of the page, in epoch milliseconds. Default the system's. */
  readonly now?: () => number
}

const RULES: Readonly<Record<keyof TokenPageOptions, OptionRule>> = {
  scopes: { right: 'an object: each scope with what it allows', test: isTextObject },
  caller: { right: 'a function of the request', test: isFunction },
  signIn: {
    right: 'the path or URL of the login',
    test: (value) => isString(value) && /^(\/(?!\/)|https?:\/\/)/.test(value),
  },
  basePath: {
    right: 'a path such as /tokens',
    test: (value) => mountPathRule.test(value) && !String(value).includes(':'),
  },
  expiryDays: { right: 'a list of whole numbers of days, from 1 to 3,650, each once', test: isDayList },
  mayNeverExpire: { right: 'a boolean', test: isBoolean },
  lang: { right: 'a language tag such as en', test: (value) => isString(value) && isLang(value) },
  texts: { right: 'an object of texts', test: (value) => typeof value === 'object' && value !== null },
  timeZone: { right: 'a time zone such as Europe/Oslo', test: (value) => isString(value) && isTimeZone(value) },
  theme: { right: 'an object of CSS values', test: (value) => typeof value === 'object' && value !== null },
  layout: { right: 'a function of the markup and its page', test: isFunction },
  sources: { right: 'an object of lists of sources', test: (value) => typeof value === 'object' && value !== null },
  origins: originsRule,
  onError: optionRules.onError,
  now: clockRule,
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkTokenPage(tokens: Tokens, options: TokenPageOptions): void {
  checkOptions('tokenPage', options, RULES)
  checkScopes(tokens, options)
  checkExpiry(tokens, options)
  checkSources(options.sources ?? {})
  checkTexts(options.texts ?? {})
  for (const [name, value] of Object.entries(options.theme ?? {})) checkThemeValue(name, value)
}

function checkScopes({ rules }: Tokens, { scopes }: TokenPageOptions): void {
  const malformed = Object.keys(scopes ?? {}).find((scope) => !isScope(scope))
  if (malformed !== undefined) throw new TypeError(`tokenPage: option "scopes": "${malformed}" is no scope`)
  if (rules.scopes === null) {
    if (Object.keys(scopes ?? {}).length > 0) return
    throw new TypeError('tokenPage: option "scopes" is needed, since the tokens have no catalogue of scopes')
  }
  const unknown = Object.keys(scopes ?? {}).find((scope) => !rules.scopes?.includes(scope))
  if (unknown !== undefined) throw new TypeError(`tokenPage: option "scopes": "${unknown}" is not in the catalogue`)
}

function checkExpiry({ rules: { expiry } }: Tokens, { expiryDays = [], mayNeverExpire }: TokenPageOptions): void {
  const { maxMs, required } = expiry
  const beyond = expiryDays.find((days) => maxMs !== undefined && days * DAY_MS > maxMs)
  if (beyond !== undefined)
    throw new TypeError(`tokenPage: option "expiryDays": ${beyond} days are beyond "maxMs" of the tokens`)
  if (mayNeverExpire === true && (required === true || maxMs !== undefined))
    throw new TypeError('tokenPage: option "mayNeverExpire": the tokens need an expiry')
}

function checkThemeValue(name: string, value: unknown): void {
  if (!Object.hasOwn(themeDefaults, name))
    throw new TypeError(
      `tokenPage: option "theme": there is no "${name}"; there is ${Object.keys(themeDefaults).join(', ')}`,
    )
  const values =
    typeof value === 'object' && value !== null ? ['light', 'dark'].map((mode) => Reflect.get(value, mode)) : [value]
  if (!values.every((each) => typeof each === 'string' && /^[^;{}<>@\\]{1,200}$/.test(each)))
    throw new TypeError(`tokenPage: option "theme": "${name}" must be a value of CSS, or { light, dark } of such`)
}

function isTextObject(value: unknown): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.values(value).every((text) => typeof text === 'string')
}

function isDayList(value: unknown): boolean {
  const isDays = (days: unknown) => Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 3_650
  return Array.isArray(value) && value.length > 0 && value.every(isDays) && new Set(value).size === value.length
}

function isLang(value: string): boolean {
  return succeeds(() => new Intl.Locale(value))
}

function isTimeZone(timeZone: string): boolean {
  return succeeds(() => new Intl.DateTimeFormat('en', { timeZone }))
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
