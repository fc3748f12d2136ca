import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { leave, sendEndless } from '../stage/exchange.ts'
import type { Answer, Sent } from '../stage/exchange.ts'
import type { Case, Chapter, Stage } from '../stage/stage.ts'

const JSON_TYPE = 'Content-Type: application/json'
const FORM = 'Content-Type: application/x-www-form-urlencoded'
const BODY = JSON.stringify({ name: 'CD', scopes: ['jobs:read'] })

async function post(stage: Stage, headers: readonly string[], body: Sent['body'], chunked = false): Promise<Answer> {
  const { bearer } = await stage.issue()
  return stage.ask('POST', '/tokens', { headers: [bearer, ...headers], ...(body !== undefined && { body }), chunked })
}

const row = (name: string, status: number, headers: readonly string[], body?: Sent['body'], chunked = false): Case => [
  `${status}: ${name}`,
  async (stage) => {
    const answer = await post(stage, headers, body, chunked)
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/json; charset=utf-8' } })
    if (status >= 400)
      expect(JSON.parse(answer.body)).toEqual({ error: expect.objectContaining({ code: expect.any(String) }) })
  },
]

export const bodies: Chapter = {
  title: 'bodies',
  cases: [
    row('JSON', 201, [JSON_TYPE], BODY),
    row('JSON in chunks', 201, [JSON_TYPE], BODY, true),
    row('JSON with its charset', 201, [`${JSON_TYPE}; charset=UTF-8`], BODY),
    row('JSON in gzip', 201, [JSON_TYPE, 'Content-Encoding: gzip'], gzipSync(BODY)),
    row('an unknown coding', 415, [JSON_TYPE, 'Content-Encoding: zz'], BODY),
    row('none', 415, []),
    row('an empty one', 400, [JSON_TYPE], ''),
    row('another type', 415, ['Content-Type: text/plain'], BODY),
    row('two types', 415, [JSON_TYPE, 'Content-Type: text/plain'], BODY),
    row('a malformed type', 415, ['Content-Type: odd'], BODY),
    row('another charset', 415, [`${JSON_TYPE}; charset=latin1`], BODY),
    row('no JSON', 400, [JSON_TYPE], '{'),
    row('a list', 400, [JSON_TYPE], '[]'),
    row('no UTF-8', 400, [JSON_TYPE], Buffer.from([0x7b, 0xff, 0x7d])),
    row('200 kB', 413, [JSON_TYPE], Buffer.alloc(200_000, 'x')),
    row('200 kB in chunks', 413, [JSON_TYPE], Buffer.alloc(200_000, 'x'), true),
    [
      'takes no bytes in chunks for no body',
      async (stage) => {
        const { bearer, id } = await stage.issue()
        const sent = { headers: [bearer], body: '', chunked: true }
        expect(await stage.ask('POST', `/tokens/${id}/suspend`, sent)).toMatchObject({ status: 200 })
      },
    ],
    [
      'answers a body without an end at the limit, also to nobody',
      async (stage) => {
        const { bearer } = await stage.issue()
        expect(await sendEndless(stage.port, '/tokens', [bearer, JSON_TYPE])).toBe(413)
        expect(await sendEndless(stage.port, '/oauth/revoke', [FORM])).toBe(413)
      },
    ],
    [
      'goes on after a client that left',
      async (stage) => {
        const { bearer } = await stage.issue()
        await Promise.all(Array.from({ length: 5 }, () => leave(stage.port, '/tokens', [bearer, JSON_TYPE])))
        expect(await stage.ask('GET', '/jobs', { headers: [bearer] })).toMatchObject({ status: 200 })
      },
    ],
    [
      'repeats nothing under one idempotency key, and takes two keys for none',
      async (stage) => {
        const { bearer } = await stage.issue()
        const headers = [bearer, JSON_TYPE, 'Idempotency-Key: "one"']
        const [first, second] = [
          await stage.ask('POST', '/tokens', { headers, body: BODY }),
          await stage.ask('POST', '/tokens', { headers, body: BODY }),
        ]
        expect([first.status, second.status, second.headers['idempotent-replayed']]).toEqual([201, 201, 'true'])
        const two = [...headers, 'Idempotency-Key: "two"']
        expect(await stage.ask('POST', '/tokens', { headers: two, body: BODY })).toMatchObject({ status: 400 })
      },
    ],
  ],
}
