import { describe, expect, it } from 'vitest'
import { answerHeader, besideHeader } from './beside-header.ts'

describe('besideHeader', () => {
  it.each([
    ['Link', '<b>; rel="sunset"', undefined, '<b>; rel="sunset"'],
    ['Link', '<b>; rel="sunset"', '<a>; rel="next"', '<a>; rel="next", <b>; rel="sunset"'],
    [
      'Link',
      '<b>; rel="sunset"',
      ['<a>; rel="next"', '<c>; rel="prev"'],
      '<a>; rel="next", <c>; rel="prev", <b>; rel="sunset"',
    ],
    ['link', '<b>', '<a>, <b>', '<a>, <b>'],
    ['Sunset', 'Fri', 'Thu', 'Thu'],
    ['Deprecation', '@2', null, '@2'],
    ['Cache-Control', 'private', 'max-age=60', 'max-age=60, private'],
    ['Cache-Control', 'private', 'public, max-age=60, s-maxage=5', 'max-age=60, private'],
    ['Cache-Control', 'private', 'No-Store', 'No-Store'],
  ])('gives for %s: %s beside %j %s', (name, value, present, both) => {
    expect(besideHeader(name, value, present)).toBe(both)
  })
})

describe('answerHeader', () => {
  it.each([
    ['WWW-Authenticate', 'Bearer realm="api"', 'Basic realm="a"', 'Basic realm="a", Bearer realm="api"'],
    ['Cache-Control', 'no-store', 'public', 'no-store'],
    ['Retry-After', '1', undefined, '1'],
  ])('gives for %s: %s beside %j %s', (name, value, present, both) => {
    expect(answerHeader(name, value, present)).toBe(both)
  })
})
