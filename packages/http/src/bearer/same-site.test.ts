import { describe, expect, it } from 'vitest'
import { originsRule, otherSite } from './same-site.ts'

const APP = 'https://app.example.com'
const foreign = (headers: Record<string, string>, origins?: readonly string[], method = 'POST') => {
  const all = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.split('|')]))
  return otherSite({ method, headers: all }, origins) !== null
}

describe('otherSite', () => {
  it.each(['same-origin', 'none'])('lets a change from %s pass', (site) => {
    expect(foreign({ 'sec-fetch-site': site, origin: 'null' })).toBe(false)
  })

  it.each(['cross-site', 'same-site', 'same-origin|cross-site', 'Same-Origin', ''])('refuses one from %j', (site) => {
    expect(foreign({ 'sec-fetch-site': site })).toBe(true)
    expect(otherSite({ method: 'DELETE', headers: { 'sec-fetch-site': [site] } })).toMatchObject({ code: 'forbidden' })
  })

  it('lets clients that are no browsers pass, and whatever changes nothing', () => {
    expect(foreign({ host: 'api.example.com' })).toBe(false)
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect(foreign({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }, [], method)).toBe(false)
  })

  it.each([
    [APP, 'app.example.com'],
    [APP, 'APP.example.com:443'],
    ['http://app.example.com', 'app.example.com:80'],
    ['http://localhost:3000', 'localhost:3000'],
    ['http://[::1]:3000', '[::1]:3000'],
  ])('compares the origin %s with the host %s', (origin, host) => {
    expect(foreign({ origin, host })).toBe(false)
    expect(foreign({ origin, ':authority': host })).toBe(false)
  })

  it.each([
    ['https://evil.test', 'app.example.com'],
    ['https://app.example.com.evil.test', 'app.example.com'],
    ['https://app.example.com:8443', 'app.example.com'],
    ['http://localhost:3001', 'localhost:3000'],
    ['null', 'null'],
    ['file://app.example.com', 'app.example.com'],
    [`${APP}|https://evil.test`, 'app.example.com'],
    ['app.example.com', 'app.example.com'],
    ['', ''],
  ])('refuses the origin %s at the host %s', (origin, host) => {
    expect(foreign({ origin, host })).toBe(true)
  })

  it('refuses any origin if the host is unknown', () => {
    expect(foreign({ origin: APP })).toBe(true)
  })

  it('lets the listed origins of other sites pass', () => {
    const cross = { 'sec-fetch-site': 'same-site', origin: APP, host: 'api.example.com' }
    expect(foreign(cross, [APP])).toBe(false)
    expect(foreign(cross, ['https://other.example.com'])).toBe(true)
    expect(foreign({ ...cross, origin: `${APP}|${APP}` }, [APP])).toBe(true)
  })
})

describe('originsRule', () => {
  it('takes origins as browsers write them', () => {
    expect(originsRule.test([APP, 'http://localhost:3000'])).toBe(true)
    for (const wrong of [APP, [`${APP}/`], [`${APP}:443`], ['app.example.com'], ['null'], ['*'], [7], null])
      expect(originsRule.test(wrong)).toBe(false)
  })
})
