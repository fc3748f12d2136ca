import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, standardDialect } from '@tessera/http'
import type { ProblemCode } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { readingOf, shareOf, sumOf } from '../../../test/architecture/plain-words.ts'
import { root } from '../../../test/support/run-process.ts'
import { refusalOf } from '../answers/refusals.mjs'
import { dialects, jsonOf } from '../answers/stage.mjs'
import { exchangeErrors, problems, storeErrors, tokenErrors } from './causes.mjs'
import { problemPages } from './pages.mjs'

const errors = readFileSync(join(root, 'packages/core/src/token/errors.ts'), 'utf8')
const exchanges = readFileSync(join(root, 'packages/access-jwt/src/errors.ts'), 'utf8')
const statuses = readFileSync(join(root, 'packages/http/src/message/problem.ts'), 'utf8')

function membersOf(union: string, source = errors): string[] {
  const [, members = ''] = new RegExp(`export type ${union} =\\n((?: {2}\\| .*\\n)+)`).exec(source) ?? []
  return [...members.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code = '']) => code)
}

const problemCodes = [...statuses.matchAll(/^ {2}(\w+): \d{3},/gm)].map(([, code = '']) => code as ProblemCode)

describe('the table of causes', () => {
  it('has every code of an error, and no other', () => {
    expect(Object.keys(problems).sort()).toEqual([...problemCodes].sort())
    expect(Object.keys(tokenErrors).sort()).toEqual(membersOf('TokenErrorCode').sort())
    expect(Object.keys(storeErrors).sort()).toEqual(membersOf('StoreErrorCode').sort())
    expect(Object.keys(exchangeErrors).sort()).toEqual(membersOf('ExchangeErrorCode', exchanges).sort())
    expect(problemCodes).toContain('unavailable')
  })

  it('is in plain words', () => {
    const remedies = [problems, tokenErrors, storeErrors, exchangeErrors].flatMap((table) => Object.values(table))
    const reading = sumOf(remedies.map(({ cause, cure }) => readingOf(`${cause} ${cure}`)))
    expect(shareOf(reading)).toBeLessThanOrEqual(2.5)
  })
})

describe('refusalOf', () => {
  it.each(problemCodes)('provokes %s, in each dialect that has such a request', async (code) => {
    for (const dialect of Object.values(dialects)) {
      const answer = await refusalOf(code, dialect)
      if (answer === null) expect(code).toBe('malformed_reference')
      else expect(answer.status, code).toBe(new Problem(code, '').status)
      if (answer !== null && dialect === dialects['standard']) expect(jsonOf(answer)).toMatchObject({ code })
    }
  })
})

describe('problemPages', () => {
  it('has a page where the type of each problem leads, with cause, cure and the JSON of each dialect', async () => {
    const pages = await problemPages()
    const { writeError } = standardDialect({ problems: 'https://api.example.com/problems/' })
    for (const code of problemCodes) {
      const { type } = writeError(new Problem(code, '')) as { type: string }
      const page = pages.get(`${new URL(type).pathname.slice(1)}/index.md`) ?? ''
      expect(page, code).toContain(problems[code].cause)
      expect(page, code).toContain(problems[code].cure)
      const shown = code === 'malformed_reference' ? ['offset'] : Object.keys(dialects)
      expect([...page.matchAll(/```json \[(\w+)\]/g)].map(([, name]) => name)).toEqual(shown)
    }
    for (const code of [...membersOf('TokenErrorCode'), ...membersOf('StoreErrorCode')]) {
      expect(pages.get(`problems/${code}/index.md`), code).toMatch(/`(?:Token|Store)Error`/)
    }
    for (const code of membersOf('ExchangeErrorCode', exchanges))
      expect(pages.get(`problems/${code}/index.md`), code).toMatch(/`ExchangeError`.*`@tessera\/access-jwt`/)
  })
})
