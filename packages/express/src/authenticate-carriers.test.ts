import express from 'express'
import { describe, expect, it } from 'vitest'
import { openGuarded } from '../testing/open-guarded.ts'
import { OWNER, bearer } from '../testing/open-tokens.ts'

const ADA = { owner: 'ada', scopes: null }
const SEVERAL = { status: 400, json: { code: 'invalid_request' } }

describe('authenticate: carriers', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
  const parsers = [express.urlencoded({ extended: true }), express.json()]

  it('takes a token from the header only, unless its options say otherwise', async () => {
    const { ask, secret } = await openGuarded({}, ...parsers)
    const cookie = { cookie: `access_token=${secret}` }
    await expect(ask('GET', `/?access_token=${secret}`, { headers: cookie })).resolves.toMatchObject({ status: 401 })
    const body = `access_token=${secret}`
    await expect(ask('POST', '/', { headers: FORM, body })).resolves.toMatchObject({ status: 401 })
  })

  it('takes one from the query where that is switched on (RFC 6750 §2.3)', async () => {
    const { ask, secret } = await openGuarded({ carriers: { query: true } }, ...parsers)
    await expect(ask('GET', `/?a=1&access_token=${secret}`)).resolves.toMatchObject({ status: 200 })
    for (const query of [
      '',
      '?',
      `x&access_token=${secret}`,
      `?access_token[]=${secret}`,
      `?access_token[a]=${secret}`,
      `?Access_Token=${secret}`,
    ])
      await expect(ask('GET', `/${query}`)).resolves.toMatchObject({
        headers: { 'www-authenticate': 'Bearer realm="api"' },
      })
    const body = `access_token=${secret}`
    await expect(ask('POST', '/', { headers: FORM, body })).resolves.toMatchObject({ status: 401 })
  })

  it('takes one from a form where that is switched on (RFC 6750 §2.2)', async () => {
    const { ask, secret } = await openGuarded({ carriers: { form: true } }, ...parsers)
    const body = `access_token=${secret}`
    await expect(ask('POST', '/', { headers: FORM, body })).resolves.toMatchObject({ status: 200 })
    await expect(ask('GET', `/?${body}`)).resolves.toMatchObject({ status: 401 })
    const json = JSON.stringify({ access_token: secret })
    const headers = { 'content-type': 'application/json' }
    await expect(ask('POST', '/', { headers, body: json })).resolves.toMatchObject({ status: 401 })
  })

  it('refuses a token in two places, or twice in one (RFC 6750 §2)', async () => {
    const { ask, secret } = await openGuarded({ carriers: { query: true, form: true } }, ...parsers)
    const [query, form] = [`/?access_token=${secret}`, { headers: FORM, body: `access_token=${secret}` }]
    const twice = { headers: FORM, body: `${form.body}&${form.body}` }
    const answers = [
      await ask('GET', query, { headers: bearer(secret) }),
      await ask('GET', `${query}&access_token=${secret}`),
      await ask('POST', query, form),
      await ask('POST', '/', twice),
      await ask('POST', '/', { ...form, headers: { ...FORM, ...bearer(secret) } }),
      await ask('GET', '/?access_token=', { headers: bearer(secret) }),
    ]
    for (const answer of answers) expect(answer).toMatchObject(SEVERAL)
  })
  it.each([
    ['the fields', express.urlencoded({ extended: false })],
    ['the text', express.text({ type: '*/*' })],
    ['the bytes', express.raw({ type: '*/*' })],
  ])('finds a token in %s that a parser left', async (_, parser) => {
    const { ask, secret } = await openGuarded({ carriers: { form: true }, caller: () => ADA }, parser)
    const body = `a=1&access_token=${secret}`
    await expect(ask('POST', '/', { headers: FORM, body })).resolves.toMatchObject({ json: { owner: OWNER } })
    const both = { headers: { ...FORM, ...bearer(secret) }, body }
    await expect(ask('POST', '/', both)).resolves.toMatchObject(SEVERAL)
  })

  it.each([
    ['no parser', []],
    ['a parser of other types', [express.json()]],
  ])('lets no form pass unread, in which a token may stand: %s', async (_, parsers) => {
    const options = { carriers: { form: true }, optional: true, caller: () => ADA }
    const { ask, secret } = await openGuarded(options, ...parsers)
    for (const headers of [FORM, { ...FORM, 'transfer-encoding': 'chunked' }])
      await expect(ask('POST', '/', { headers, body: `access_token=${secret}` })).resolves.toMatchObject({
        status: 500,
      })
    await expect(ask('POST', '/', { headers: FORM, body: '' })).resolves.toMatchObject({ status: 200 })
    await expect(ask('POST', '/', { headers: FORM })).resolves.toMatchObject({ status: 200 })
  })
})
