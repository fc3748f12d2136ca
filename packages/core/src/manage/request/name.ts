import { isLine } from '../../token/text.ts'

/** The rule of {@link isName}, to complete "must be …". */
export const NAME: string =
  '1 to 255 characters of well-formed Unicode, with something to see, and without characters that hide: control, ' +
  'zero-width and direction characters, and line separators'

/** Scripts that join letters, or keep them apart, by U+200C and U+200D. */
const JOINING = [
  ...['Arabic', 'Syriac', 'Nko', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil'],
  ...['Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan', 'Balinese', 'Javanese'],
]
  .map((script) => `\\p{Script=${script}}`)
  .join('')

/** Where a character without width has its use: it changes what is seen. */
const WITH_A_USE = new RegExp(
  [
    // 👩‍💻 and ❤️, ☎︎, keycaps such as 1️⃣
    String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`,
    String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]`,
    String.raw`(?<=[0-9#*])\uFE0F(?=\u20E3)`,
    // 🏴󠁧󠁢󠁥󠁮󠁧󠁿
    String.raw`(?<=\u{1F3F4})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`,
    // After a mark of such a script, such as a virama, or between two of its letters
    String.raw`(?<=(?=\p{M})[${JOINING}])[\u200C\u200D]`,
    String.raw`(?<=[${JOINING}])[\u200C\u200D](?=[${JOINING}])`,
    // The form of a character, as in Japanese names
    String.raw`(?<=\p{Script=Han})[\u{E0100}-\u{E01EF}]`,
    String.raw`(?<=\p{Script=Mongolian})[\u180B-\u180D\u180F]`,
  ].join('|'),
  'gu',
)

const HIDING = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}\uFFF9-\uFFFB]/u
const SEEN = /(?!\u2800)[\p{L}\p{N}\p{P}\p{S}]/u

/** Whether a value can name a token: it shows something, and nothing in it deceives whoever reads it. */
export function isName(value: unknown): value is string {
  return isLine(value) && SEEN.test(value) && !HIDING.test(value.replaceAll(WITH_A_USE, ''))
}
