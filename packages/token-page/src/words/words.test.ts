import { describe, expect, it } from 'vitest'
import { html, markupOf } from '../html/html.ts'
import { arabic } from './arabic.ts'
import { english } from './english.ts'
import type { TextName } from './english.ts'
import { wordsOf } from './words.ts'

const words = wordsOf(english, 'en', 'UTC')
const now = Date.UTC(2030, 0, 31)
const shown = (part: Parameters<typeof html>[1]) => markupOf(html`${part}`)

describe('wordsOf', () => {
  it('puts values into a text as markup or as escaped text', () => {
    expect(shown(words.say('revokeAsk', { name: '<b>' }))).toBe('Revoke “&lt;b&gt;”?')
    expect(shown(words.say('revokeAsk', { name: html`<bdi>CI</bdi>` }))).toBe('Revoke “<bdi>CI</bdi>”?')
  })

  it('takes the plural of the language', () => {
    expect(shown(words.count('inDays', 1))).toBe('In 1 day')
    expect(shown(words.count('inDays', 30))).toBe('In 30 days')
    const few = wordsOf(arabic, 'ar', 'UTC')
    expect(shown(few.count('inDays', 2))).toBe('بعد يومين')
    expect(few.direction).toBe('rtl')
  })

  it.each([
    [30 * 86_400_000 - 1_000, 'next month'],
    [7 * 86_400_000 - 1_000, 'in 7 days'],
    [-86_400_000, 'yesterday'],
    [-3 * 3_600_000, '3 hours ago'],
    [-4_000, 'this minute'],
  ])('rounds %i ms to the nearest unit', (byMs, text) => {
    expect(shown(words.when(new Date(now + byMs), now))).toContain(`>${text}<`)
  })

  it('has every text in Arabic, with the same values', () => {
    const places = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{(?!count)\w+\}/g))].sort()
    expect(Object.keys(arabic)).toEqual(Object.keys(english))
    for (const [name, text] of Object.entries(english))
      expect(places(arabic[name as TextName]), name).toEqual(places(text))
  })
})

describe('html', () => {
  it('escapes every text, and shows no character that deceives', () => {
    expect(markupOf(html`<p title="${'"\''}">${['<', 1, null, false]}</p>`)).toBe('<p title="&quot;&#39;">&lt;1</p>')
    expect(markupOf(html`${'a\u202Eb\u0000'}`)).toBe('a\uFFFDb\uFFFD')
  })
})
