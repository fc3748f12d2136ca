import { DAY_MS } from '@tessera/core'
import { html } from '../html/html.ts'
import type { Html, Part } from '../html/html.ts'
import type { CountedName, PlainName, Texts } from './english.ts'

/** The texts and numbers of one language. */
export interface Words {
  readonly lang: string
  readonly direction: 'ltr' | 'rtl'
  /** A text, with its values in their places. */
  say(name: PlainName, values?: Values): Part
  /** A text in the plural of its number. `{count}` is the number, if no value has that name. */
  count(name: CountedName, count: number, values?: Values): Part
  /** How long ago or ahead, with the instant for whoever asks: “3 days ago”. */
  when(instant: Date, now: number): Html
  /** A number in the digits of the language. */
  number(value: number): string
}

type Values = Readonly<Record<string, Part>>

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const PLACE = /\{([a-z]+)\}/

/**
 * @param lang A language tag of BCP 47.
 * @throws RangeError for a malformed tag or an unknown time zone
 */
export function wordsOf(texts: Texts, lang: string, timeZone: string): Words {
  const plurals = new Intl.PluralRules(lang)
  const numbers = new Intl.NumberFormat(lang)
  const distance = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' })
  const instants = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'long', timeZone })

  return {
    lang,
    direction: directionOf(lang),
    say: (name, values = {}) => fill(texts[name], values),
    count(name, count, values = {}) {
      const { [plurals.select(count)]: form, other } = texts[name]
      return fill(form ?? other, { count: numbers.format(count), ...values })
    },
    when(instant, now) {
      const text = relative(distance, instant.getTime() - now)
      return html`<time datetime="${instant.toISOString()}" title="${instants.format(instant)}">${text}</time>`
    },
    number: (value) => numbers.format(value),
  }
}

/** Rounded to the nearest unit: an expiry set for 30 days reads so a second later, too. */
function relative(distance: Intl.RelativeTimeFormat, byMs: number): string {
  const [unit, ms] = UNITS.find(([, size]) => Math.abs(byMs) >= size * 0.98) ?? ['minute', 60_000]
  return distance.format(Math.round(byMs / ms), unit)
}

function fill(text: string, values: Values): Part {
  return text
    .split(PLACE)
    .map((piece, index) => (index % 2 === 1 && Object.hasOwn(values, piece) ? values[piece] : piece))
}

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

function directionOf(lang: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(new Intl.Locale(lang).maximize().language) ? 'rtl' : 'ltr'
}
