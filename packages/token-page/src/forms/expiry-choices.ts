import { DAY_MS } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { invalidParameter } from '@tessera/http'
import type { FormOptions } from './form-options.ts'
import type { Fields } from './fields.ts'

/** The expiries to choose from. */
export interface ExpiryChoices {
  readonly days: readonly number[]
  readonly never: boolean
}

const DEFAULT_DAYS = [7, 30, 90, 365]
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

export function expiryChoices({ rules: { expiry } }: Tokens, options: FormOptions): ExpiryChoices {
  const { maxMs, required } = expiry
  const days = options.expiryDays ?? DEFAULT_DAYS.filter((each) => maxMs === undefined || each * DAY_MS <= maxMs)
  return { days, never: options.mayNeverExpire ?? (maxMs === undefined && required !== true) }
}

/**
 * Reads the choice of a form: a number of days, `date` with the field `date`, `never`, or `same` for no change.
 * A date beside another choice is refused: one of the two is not meant.
 *
 * @returns `undefined` for no change, `null` for no expiry.
 * @throws Problem `invalid_parameter`
 */
export function readExpiryChoice(fields: Fields, choices: ExpiryChoices, now: number): Date | null | undefined {
  const choice = fields.one('expiry') ?? 'same'
  const date = fields.one('date') ?? ''
  if (date !== '' && choice !== 'date') throw invalidParameter('date', 'empty, unless it is chosen')
  if (choice === 'same') return undefined
  if (choice === 'never' && choices.never) return null
  if (choice === 'date') return endOfDay(date)
  const days = choices.days.find((each) => String(each) === choice)
  if (days === undefined) throw invalidParameter('expiresAt', 'one of the choices')
  return new Date(now + days * DAY_MS)
}

/** The last instant of a day of UTC. */
function endOfDay(text: string): Date {
  const instant = new Date(`${text}T23:59:59.999Z`)
  if (!DATE.test(text) || Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(text))
    throw invalidParameter('expiresAt', 'a date such as 2030-01-31')
  return instant
}
