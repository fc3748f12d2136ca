import { describe, expect, it } from 'vitest'
import { urlOf, withPageLinks } from './links.mjs'

const pages = new Map([
  ['docs/expiry.md', 'guide/expiry.md'],
  ['docs/README.md', 'guide/index.md'],
  ['packages/core/README.md', 'packages/core/index.md'],
])
const home = 'https://github.com/tessera-tokens/tessera'
const linked = (text: string, from = 'docs/rotate.md') => withPageLinks(text, from, pages)

describe('withPageLinks', () => {
  it('leads to pages of the site where there are some, relative or published, a folder by its README', () => {
    expect(linked('[a](expiry.md#b) [c](../packages/core)')).toBe('[a](/guide/expiry.html#b) [c](/packages/core/)')
    expect(linked(`[a](${home}/blob/main/docs/README.md#b "t")`)).toBe('[a](/guide/#b "t")')
  })

  it('leads to the published file elsewhere, and leaves other sites and anchors alone', () => {
    expect(linked('[a](../LICENSE)')).toBe(`[a](${home}/blob/main/LICENSE)`)
    const next = '<../examples/next/app/api/tokens/[[...path]]/route.js>'
    expect(linked(`[a](${next})`)).toContain(`(<${home}/blob/main/examples/next/app/api/tokens/`)
    expect(linked('[a](#b) [c](https://acme.test/d.md)')).toBe('[a](#b) [c](https://acme.test/d.md)')
  })

  it('takes the pictures of the site', () => {
    const picture = 'https://raw.githubusercontent.com/tessera-tokens/tessera/main/docs/pictures/token-page-list.png'
    expect(linked(`![a](${picture})`)).toBe('![a](/pictures/token-page-list.png)')
  })

  it('changes no code, and refuses a link to nothing', () => {
    const code = '`[a](expiry.md)`\n\n```md\n[a](expiry.md)\n```\n'
    expect(linked(code)).toBe(code)
    expect(() => linked('[a](nothing.md)')).toThrow('docs/rotate.md: there is no nothing.md')
  })
})

describe('urlOf', () => {
  it('has a slash for a folder and an ending for a file', () => {
    expect(['index.md', 'guide/index.md', 'security.md'].map(urlOf)).toEqual(['/', '/guide/', '/security.html'])
  })
})
