import { describe, expect, it } from 'vitest'
import { policyOf } from './policy.ts'
import { checkSources } from './sources.ts'

const OF_CODE = ['default-src', 'script-src', 'style-src', 'connect-src', 'frame-src', 'worker-src', 'manifest-src']
const OF_PAGE = ['form-action', 'frame-ancestors', 'base-uri']
const ANYBODY = ['*', 'https:', 'http:', 'data:', 'blob:', 'DATA:', 'https://*', '*:443', 'https://*:*']

describe('checkSources', () => {
  it.each([...OF_CODE, ...OF_PAGE])('lets nobody in by %s but the hosts that it names', (directive) => {
    for (const source of [...ANYBODY, "'unsafe-inline'", "'Unsafe-Inline'", "'UNSAFE-eval'", "'nonce-abc'"])
      expect(() => checkSources({ [directive]: [source] }), source).toThrow(`"${directive}": ${source} would let`)
    const named = [
      "'self'",
      'cdn.example.com',
      'https://*.example.com',
      'https://cdn.example.com:8443/a/b.js',
      "'SHA256-ab+/c='",
    ]
    expect(() => checkSources({ [directive]: named })).not.toThrow()
  })

  it.each(['img-src', 'font-src', 'media-src'])('takes any host in %s: it runs nothing', (directive) => {
    expect(() => checkSources({ [directive]: ['https:', 'data:', '*'] })).not.toThrow()
    expect(() => checkSources({ [directive]: ["'unsafe-inline'"] })).toThrow('would let foreign code in')
  })

  it.each([
    [{ 'scrpt-src': ["'self'"] }, 'no directive "scrpt-src"'],
    [{ 'Style-src': ["'self'"] }, 'no directive "Style-src"'],
    [{ 'script-src-elem': ["'self'"] }, 'no directive "script-src-elem"'],
    [{ 'style-src': "'self'" }, 'style-src'],
    [{ 'style-src': [5] }, 'style-src'],
    [{ 'style-src': ['self'] }, "write 'self' in single quotes"],
    [{ 'style-src': ["'slef'"] }, 'style-src'],
    [{ 'style-src': ['a; script-src *'] }, 'style-src'],
    [{ 'style-src': ['https://a.test/x;y'] }, 'style-src'],
    [{ 'style-src': ['https://a.test/x,y'] }, 'style-src'],
    [{ 'img-src': ["'none'", 'https://a.test'] }, "'none' stands alone"],
  ])('refuses %j', (sources, named) => {
    expect(() => checkSources(sources as never)).toThrow(TypeError)
    expect(() => checkSources(sources as never)).toThrow(named)
  })
})

describe('policyOf', () => {
  it('adds the sources of the app to those of the page', () => {
    const policy = policyOf('', '', { 'style-src': ["'self'"], 'base-uri': ["'self'"], 'img-src': ["'none'"] })
    expect(policy).toMatch(/; style-src 'sha256-[^']+' 'self'; .*; base-uri 'self'; img-src 'none'$/)
  })

  it("takes no 'none' beside the page's own sources: browsers would overlook it", () => {
    for (const directive of ['style-src', 'script-src', 'form-action'])
      expect(() => policyOf('', '', { [directive]: ["'None'"] })).toThrow(`"${directive}": the page itself needs`)
  })
})
