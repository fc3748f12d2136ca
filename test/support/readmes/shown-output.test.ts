import { describe, expect, it } from 'vitest'
import { comparable, shownPattern } from './shown-output.ts'

const isShown = (shown: string, output: string): boolean => shownPattern(shown).test(comparable(output))

describe('shownPattern', () => {
  it('takes output that differs in white space, ids, secrets and times only', () => {
    const shown = `HTTP/1.1 201 Created
Date: Thu, 01 Jan 2026 00:00:00 GMT

{
  "token": { "id": "00000000-0000-4000-8000-000000000000", "createdAt": "2026-01-01T00:00:00.000Z" },
  "secret": "ot_pat_${'a'.repeat(48)}"
}`
    const output = `HTTP/1.1 201 Created\r\nDate: Fri, 02 Jan 2026 00:00:00 GMT\r\n\r\n{"token":{"id":"9fd67582-af3e-4f7e-8331-afcb642a09e0","createdAt":"2027-05-05T05:05:05.555Z"},"secret":"ot_pat_${'b'.repeat(48)}"}`
    expect(isShown(shown, output)).toBe(true)
    expect(isShown(shown, output.replace('201', '200'))).toBe(false)
    expect(isShown(shown, output.replace('"token"', '"data"'))).toBe(false)
    expect(isShown(shown, `${output}x`)).toBe(false)
  })

  it('takes anything where the document leaves something out', () => {
    expect(isShown('{"tokens":[{"name":"CI",…},…]}', '{"tokens":[{"name":"CI","id":1},{"name":"B"}]}')).toBe(true)
    expect(isShown('{"tokens":[{"name":"CI",…},…]}', '{"tokens":[{"name":"B"}]}')).toBe(false)
    expect(isShown('a…', 'b')).toBe(false)
  })

  it('takes every other character for itself', () => {
    expect(isShown('a.c (x) [y] $1 ^', 'a.c (x) [y] $1 ^')).toBe(true)
    expect(isShown('a.c', 'abc')).toBe(false)
  })
})
