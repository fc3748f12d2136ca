import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { readTokenPath, requireId } from './token-path.ts'

const ID = 'b4f0c0de-0000-4000-8000-000000000001'

describe('readTokenPath', () => {
  it.each(['/', ''])('finds the tokens themselves under %j', (path) => {
    expect(readTokenPath(path)).toEqual({ place: 'collection', id: null })
  })

  it.each([
    [`/${ID}`, ID],
    [`/${ID}/`, ID],
    ['/%7E', '~'],
    ['/%C3%A9', 'é'],
    ['/a%2Fb', 'a/b'],
    ['/..', '..'],
    ['/__proto__', '__proto__'],
    ['/rotate', 'rotate'],
  ])('finds the id of %j', (path, id) => {
    expect(readTokenPath(path)).toEqual({ place: 'item', id })
  })

  it.each(['rotate', 'suspend', 'resume'])('finds what %s is to be done to', (place) => {
    expect(readTokenPath(`/${ID}/${place}`)).toEqual({ place, id: ID })
    expect(readTokenPath(`/%7E/${place}/`)).toEqual({ place, id: '~' })
  })

  it.each(['/%', '/%zz', '/%C3', '/%ED%A0%80'])('takes %j, which cannot be decoded, as it is', (path) => {
    expect(readTokenPath(path)).toEqual({ place: 'item', id: path.slice(1) })
  })

  it.each(['/a/b', '/a/b/c/d/e', '/a//', '//a', 'a', '//rotate', '/a/Rotate', '/a/rotate/b', '/a/item', '/a/rot%61te'])(
    'finds nothing of its own in %j',
    (path) => {
      expect(readTokenPath(path)).toBeNull()
    },
  )
})

describe('requireId', () => {
  const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })

  it('reads an id of the tokens’ shape', () => {
    expect(requireId(`/${ID}`, tokens, {})).toBe(ID)
    expect(requireId(`/${ID}/rotate`, tokens, {})).toBe(ID)
  })

  it('refuses what has not the shape, and does not repeat it', async () => {
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const refused = expect.objectContaining({ code: 'malformed_id', message: 'There is no such token.', facts: {} })
    for (const path of [
      `/${secret}`,
      `/${secret}/rotate`,
      `/${'a'.repeat(129)}`,
      `/${ID.toUpperCase()}`,
      '/',
      '/a/b',
      '/%00',
      '/__proto__',
    ])
      expect(() => requireId(path, tokens, {})).toThrow(refused)
  })
})
