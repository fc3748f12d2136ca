import { english } from './english.ts'
import type { TextName } from './english.ts'

const FORMS: ReadonlySet<string> = new Set([
  'zero',
  'one',
  'two',
  'few',
  'many',
  'other',
] satisfies Intl.LDMLPluralRule[])

/** @throws TypeError for a text that the page has not, and for one that is of another kind than the English one */
export function checkTexts(texts: object): void {
  for (const [name, text] of Object.entries(texts)) {
    if (!isTextName(name)) throw wrong(`there is no text "${name}"`)
    const isCounted = typeof english[name] === 'object'
    if (isCounted && !isPlural(text))
      throw wrong(`"${name}" must be an object with a text for each plural of the language, "other" at least`)
    if (!isCounted && typeof text !== 'string') throw wrong(`"${name}" must be a text`)
  }
}

function isTextName(name: string): name is TextName {
  return Object.hasOwn(english, name)
}

function isPlural(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'other')) return false
  return Object.entries(value).every(([form, text]) => FORMS.has(form) && typeof text === 'string')
}

function wrong(what: string): TypeError {
  return new TypeError(`tokenPage: option "texts": ${what}`)
}
