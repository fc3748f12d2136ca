import { describe, expect, it } from 'vitest'
import { readCurl } from './curl.ts'

describe('readCurl', () => {
  it('reads method, headers, body and address as a shell and curl would', () => {
    const line = `curl -s -i -X POST \\\n  -H "Authorization: Bearer $TOKEN" -H 'X: $A "b"' -d '{"a":"b c"}' http://127.0.0.1:3000/v1/tokens?a=b`
    expect(readCurl(line, { TOKEN: 'secret' })).toEqual({
      url: 'http://127.0.0.1:3000/v1/tokens?a=b',
      showHead: true,
      method: 'POST',
      path: '/v1/tokens?a=b',
      headers: [
        ['Authorization', 'Bearer secret'],
        ['X', '$A "b"'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: '{"a":"b c"}',
    })
  })

  it('gets without a body and posts with one', () => {
    expect(readCurl('curl http://127.0.0.1')).toMatchObject({ method: 'GET', path: '/', headers: [], showHead: false })
    expect(readCurl('curl http://127.0.0.1/x -d a=b')).toMatchObject({ method: 'POST', path: '/x', body: 'a=b' })
  })

  it('puts a value together from quoted and bare parts', () => {
    expect(readCurl(`curl "http://127.0.0.1/"$ID'/$x' -d token=\${ID}`, { ID: '7' })).toMatchObject({
      path: '/7/$x',
      body: 'token=7',
    })
  })

  it('refuses what it does not understand', () => {
    expect(() => readCurl('curl -k http://127.0.0.1')).toThrow('curl -k is not understood')
    expect(() => readCurl('wget http://127.0.0.1')).toThrow('not a curl command')
    expect(() => readCurl('curl http://127.0.0.1/$NOBODY')).toThrow('$NOBODY has no value')
  })
})
