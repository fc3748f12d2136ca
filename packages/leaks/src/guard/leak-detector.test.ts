import { generateSecret } from '@tessera/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leakDetector } from './leak-detector.ts'

const prefixes = ['acme_pat', 'pat', 'a__']
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

/** A text cut into pieces anywhere. */
function piecesOf(text: string, cuts: readonly number[]): readonly string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
  return places.slice(1).map((end, index) => text.slice(places[index], end))
}

describe('leakDetector', () => {
  it('sends every byte before a secret at most, wherever the pieces end, and all of them if there is none', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('acme_pat_', 'acme_pa', 'a_', `pat_${'x'.repeat(47)}`, 'é\n'),
      fc.constantFrom(...prefixes).map((prefix) => generateSecret(prefix, '9G')),
    )
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat()), (parts, cuts) => {
        const text = parts.join('')
        const detector = leakDetector(prefixes)
        let sent = ''
        let secret: string | null = null
        for (const piece of piecesOf(text, cuts)) {
          const found = detector.push(bytesOf(piece))
          if (typeof found === 'string') secret ??= found
          if (secret !== null) break
          sent += Buffer.from(found as Uint8Array).toString('latin1')
        }
        if (secret === null) expect(sent + Buffer.from(detector.rest()).toString('latin1')).toBe(text)
        else expect(sent).toBe(text.slice(0, Math.min(sent.length, text.indexOf(secret))))
        expect(secret !== null).toBe(
          parts.some((each) => prefixes.some((prefix) => each.length === prefix.length + 49)),
        )
      }),
    )
  })

  it('holds back nothing that ends in a line feed or in another word', () => {
    const detector = leakDetector(['acme_pat'])
    for (const piece of ['data: hello\n\n', 'data: acme_pat_abc\n\n', 'Hello world', `acme_pat_${'x'.repeat(48)}`])
      expect(Buffer.from(detector.push(bytesOf(piece)) as Uint8Array).toString()).toBe(piece)
    expect(detector.push(bytesOf('an acme'))).toEqual(Buffer.from('an '))
    expect(detector.push(bytesOf(' of'))).toEqual(Buffer.from('acme of'))
  })
})
