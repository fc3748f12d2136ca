import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { gateRequestOf } from '../../testing/request.ts'
import type { EndNotice } from './end-notice.ts'
import { gate } from './gate.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2027, 0, 1)

function open(options: Partial<EndNotice> = {}) {
  const clock = { now: START }
  const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat', now: () => clock.now })
  const endNotice = { withinMs: 7 * DAY_MS, now: () => clock.now, ...options }
  const decide = gate(tokens, { endNotice, carriers: { query: true }, optional: true })
  const headersFor = async (secret: string) => {
    const admission = await decide(gateRequestOf({ headers: { authorization: [`Bearer ${secret}`] } }))
    return admission.ok ? admission.headers : expect.fail()
  }
  const issue = async (days: number | null) => {
    const expiresAt = days === null ? null : new Date(START + days * DAY_MS)
    return tokens.issue({ owner: 'acme', name: 'CI', scopes: [], expiresAt })
  }
  return { tokens, clock, decide, headersFor, issue }
}

describe('endNotice', () => {
  it('announces the end of a token from that time before it on (RFC 8594 §3, RFC 9745 §2.1)', async () => {
    const { clock, headersFor, issue } = open()
    const { secret } = await issue(8)
    clock.now += DAY_MS
    expect(await headersFor(secret)).toEqual({})
    clock.now += 1
    const headers = { Deprecation: `@${(START + DAY_MS) / 1000}`, Sunset: 'Sat, 09 Jan 2027 00:00:00 GMT' }
    expect(await headersFor(secret)).toEqual(headers)
    expect(await headersFor((await issue(null)).secret)).toEqual({})
  })

  it('says since when no earlier than the token was made', async () => {
    const { headersFor, issue } = open({ withinMs: Number.MAX_VALUE })
    expect(await headersFor((await issue(8)).secret)).toMatchObject({ Deprecation: `@${START / 1000}` })
  })

  it('announces the end of an overlap since the rotation, and links a page', async () => {
    const { tokens, clock, headersFor, issue } = open({ link: 'https://acme.test/docs/rotate' })
    const { secret, token } = await issue(null)
    clock.now += DAY_MS
    const successor = await tokens.rotate('acme', token.id, { overlapMs: 30 * DAY_MS })
    clock.now += DAY_MS
    expect(await headersFor(secret)).toEqual({
      Deprecation: `@${(START + DAY_MS) / 1000}`,
      Sunset: 'Mon, 01 Feb 2027 00:00:00 GMT',
      Link: '<https://acme.test/docs/rotate>; rel="deprecation", <https://acme.test/docs/rotate>; rel="sunset"',
    })
    expect(await headersFor(successor.secret)).toEqual({})
  })

  it('stands beside the other headers, and says nothing to anybody without a token', async () => {
    const { decide, issue } = open()
    const { secret } = await issue(1)
    const carried = await decide(gateRequestOf({ query: `access_token=${secret}` }))
    expect(carried).toMatchObject({ headers: { 'Cache-Control': 'private', Sunset: expect.any(String) } })
    expect(await decide(gateRequestOf())).toMatchObject({ headers: {} })
  })

  it.each([
    {},
    { withinMs: 0 },
    { withinMs: 1, link: 'http://acme.test' },
    { withinMs: 1, link: 'https://acme.test/a>b' },
    { withinMs: 1, now: 1 },
    { withinMs: 1, url: 'https://acme.test' },
  ])('refuses %j when it is built', (endNotice) => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    expect(() => gate(tokens, { endNotice: endNotice as never })).toThrow(
      /option "endNotice" must be|unknown option "url"/,
    )
  })
})
