import { describe, expect, it } from 'vitest'
import { announcesBody } from './announces-body.ts'

describe('announcesBody', () => {
  it.each([
    [{}, 1, false],
    [{}, 2, true],
    [{ 'content-length': '0' }, 2, false],
    [{ 'content-length': '2' }, 1, true],
    [{ 'transfer-encoding': 'chunked' }, 1, true],
  ])('tells by the headers %j of HTTP/%i: %s', (headers, httpVersionMajor, is) => {
    expect(announcesBody({ headers, httpVersionMajor })).toBe(is)
  })
})
