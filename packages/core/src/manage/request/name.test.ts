import { describe, expect, it } from 'vitest'
import { isName } from './name.ts'

describe('isName', () => {
  it.each([
    ['Latin', 'CI deploy (staging) №2'],
    ['accents, composed and not', 'Zoë Zoe\u0308'],
    ['Hebrew', 'אסימון לבדיקות'],
    ['Arabic and Persian, with its non-joiner', 'رمز می\u200cخواهم'],
    ['Devanagari, with and without a joiner', 'परीक्षण क्\u200dष'],
    ['Malayalam with a joiner at the end of a word', 'അവന്\u200d CI'],
    ['Japanese, with the form of a character', '葛\u{e0100}城 テスト'],
    ['emoji', '🦊 🚀'],
    ['emoji with joiners, skin and presentation', '👩🏽\u200d💻 ❤\ufe0f\u200d🔥 ☎\ufe0e'],
    ['a keycap and flags', '1\ufe0f\u20e3 🇩🇪 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ['a no-break space between words', 'CI\u00a02'],
    ['one digit', '7'],
  ])('takes %s', (_what, name) => {
    expect(isName(name)).toBe(true)
  })

  it.each([
    ['blanks', '   '],
    ['no-break and ideographic blanks', '\u00a0\u3000\u2003'],
    ['braille blanks', '\u2800\u2800'],
    ['a Hangul filler', '\u3164'],
    ['a zero-width space', 'ad\u200bmin'],
    ['zero-width characters alone', '\u200b\u200c\u200d\u2060'],
    ['a byte order mark', '\ufeffCI'],
    ['a word joiner', 'CI\u2060'],
    ['a soft hyphen', 'ad\u00admin'],
    ['a joiner between Latin letters', 'ad\u200dmin'],
    ['a joiner at the end', 'CI\u200d'],
    ['a joiner after an emoji, before nothing', '🦊\u200d'],
    ['a presentation of a letter', 'CI\ufe0f'],
    ['a presentation of a digit', '1\ufe0f'],
    ['tags that spell unseen', 'CI\u{e0061}\u{e0062}'],
    ['an override of the direction', 'CI\u202egnp.exe'],
    ['an embedding', '\u202aCI\u202c'],
    ['an isolate', '\u2066CI\u2069'],
    ['a mark of direction', 'CI\u200f'],
    ['a line separator', 'CI\u2028prod'],
    ['a paragraph separator', 'CI\u2029prod'],
    ['an annotation', 'CI\ufff9x\ufffb'],
    ['a combining mark alone', '\u0301'],
    ['a line feed', 'CI\nprod'],
  ])('refuses %s', (_what, name) => {
    expect(isName(name)).toBe(false)
  })

  it('takes linear time, and looks at no text that is too long', () => {
    for (const piece of ['\u200d', '👩\u200d', '\u{e0061}', '🏴\u{e0061}', 'क्\u200d']) {
      expect(isName(piece.repeat(1_000_000))).toBe(false)
    }
  })
})
