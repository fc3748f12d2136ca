import { createTokens } from '@tessera/core'
import { authenticate, listRouter } from '@tessera/express'
import { Problem, plain } from '@tessera/http'
import type { Dialect, JsonObject } from '@tessera/http'
import { openApi } from '@tessera/openapi'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { crawl } from './crawl.ts'
import { castOf, serve, stageStore } from './stage.ts'
import type { Cast } from './stage.ts'

const { store, outage } = stageStore(['ostia'])
const tokens = createTokens({ store, prefix: 'ot_pat', activeLimit: 500 })
const facts = { title: 'Mutants', version: '1.0.0', dialect: plain, basePath: '/tokens' }
const document = openApi(tokens, { ...facts, operations: ['list', 'get'] })
const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
let cast: Cast

beforeAll(async () => {
  cast = await castOf(tokens, 'roma', 'ostia')
})

afterAll(() => warned.mockRestore())

/** Crawls an API in other words than those of the document. */
async function crawled(dialect: Dialect) {
  const app = express()
  app.use('/tokens', authenticate(tokens, { dialect }), listRouter(tokens, { dialect }))
  const { url, close } = await serve(app)
  const { faults, unreached } = await crawl(url, document, cast, outage)
  await close()
  return { faults: faults.join('\n'), unreached: unreached.join('\n') }
}

function inRecord(change: (record: JsonObject) => JsonObject): Partial<Dialect> {
  return { writeToken: (...given) => ({ token: change(Object(Object(plain.writeToken(...given)).token)) }) }
}

describe('an API that is not as its document says is noticed', () => {
  it('but not the API itself', async () => {
    expect(await crawled(plain)).toEqual({ faults: '', unreached: '' })
  })

  it.each<[string, Partial<Dialect>, RegExp]>([
    ['renames a field', inRecord(({ name, ...record }) => ({ ...record, label: name })), /getToken 200: .*"label"/],
    ['adds a field', inRecord((record) => ({ ...record, extra: 1 })), /getToken 200: .*"extra"/],
    ['writes a field in another way', inRecord((record) => ({ ...record, createdAt: 0 })), /getToken 200: .*createdAt/],
    [
      'answers with another media type',
      { errorType: 'application/problem+json' },
      /listTokens 401: is application\/problem/,
    ],
    [
      'answers with another status',
      {
        readList: () => {
          throw new Problem('invalid_transition', 'Not today.')
        },
      },
      /listTokens does not declare 409/,
    ],
    [
      'has another word for an error',
      { writeError: (problem) => ({ error: { code: 'WRONG', message: problem.message, details: problem.facts } }) },
      /listTokens 401: .*"UNAUTHORIZED"/,
    ],
  ])('one that %s', async (_, change, fault) => {
    expect((await crawled({ ...plain, ...change })).faults).toMatch(fault)
  })

  it('one that never gives a declared answer', async () => {
    const readList = () => {
      throw new Problem('invalid_request', 'Not today.')
    }
    expect((await crawled({ ...plain, readList })).unreached).toBe('listTokens 200')
  })
})
