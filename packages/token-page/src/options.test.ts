import { describe, expect, it } from 'vitest'
import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { visitor } from '../testing/visit.ts'
import { tokenPage } from './token-page.ts'

const DAY_MS = 86_400_000

describe('the options of tokenPage', () => {
  it.each([
    [{ scope: {} }, 'scope'],
    [{ scopes: { 'jobs:delete': 'Delete jobs' } }, '"jobs:delete" is not in the catalogue'],
    [{ scopes: ['jobs:read'] }, 'scopes'],
    [{ signIn: 'javascript:alert(1)' }, 'signIn'],
    [{ signIn: '//evil.example' }, 'signIn'],
    [{ basePath: 'tokens' }, 'basePath'],
    [{ basePath: '/orgs/:id' }, 'basePath'],
    [{ expiryDays: [] }, 'expiryDays'],
    [{ expiryDays: [0.5] }, 'expiryDays'],
    [{ lang: 'x' }, 'lang'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ texts: { titel: 'Tokens' } }, '"titel"'],
    [{ theme: { accent: 'red;}body{display:none' } }, '"accent"'],
    [{ theme: { colour: 'red' } }, '"colour"'],
    [{ sources: { 'style-src': ["'Unsafe-Inline'"] } }, "'Unsafe-Inline'"],
    [{ sources: { 'style-src': ["'none'"] } }, "'none'"],
    [{ layout: '<main>' }, 'layout'],
    [{ layout: () => Promise.resolve('<main>') }, 'layout'],
    [{ layout: () => Promise.reject(new Error('late')) }, 'layout'],
    [{ layout: () => null }, 'layout'],
    [{ now: 5 }, 'now'],
    [{ now: () => Number.NaN }, 'now'],
    [{ expiryDays: [7, 7] }, 'expiryDays'],
    [{ texts: { title: 5 } }, '"title"'],
    [{ texts: { title: undefined } }, '"title"'],
    [{ texts: { title: { other: 'Tokens' } } }, '"title"'],
    [{ texts: { inDays: 'In {count} days' } }, '"inDays"'],
    [{ texts: { inDays: { one: 'In a day' } } }, '"inDays"'],
    [{ texts: { inDays: { other: 'In {count} days', oen: 'In a day' } } }, '"inDays"'],
  ])('refuses %j when the page is built', (wrong, named) => {
    expect(() => visitor(wrong as object)).toThrow(TypeError)
    expect(() => visitor(wrong as object)).toThrow(named)
  })

  it('refuses what the rules of the tokens refuse', () => {
    const rules = { expiry: { maxMs: 90 * DAY_MS, defaultMs: DAY_MS } }
    expect(() => visitor({ expiryDays: [365] }, rules)).toThrow('365 days are beyond "maxMs"')
    expect(() => visitor({ mayNeverExpire: true }, rules)).toThrow('the tokens need an expiry')
    const open = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
    expect(() => tokenPage(open)).toThrow('no catalogue')
    expect(() => tokenPage(open, { scopes: ['jobs:read'] as never })).toThrow('"scopes" must be')
    expect(() => tokenPage(open, { scopes: { 'bad scope"': 'Anything' } })).toThrow('is no scope')
    expect(() => tokenPage(open, { scopes: { 'any:scope': 'Anything' } })).not.toThrow()
  })

  it('takes a layout that needs a request to go by, and refuses its wrong answers then', async () => {
    let shell: (() => unknown) | null = null
    const layout = (main: string) => {
      if (shell === null) throw new Error('no request')
      return shell() ?? main
    }
    const { get } = visitor({ layout: layout as never })
    shell = () => null
    expect((await get('/')).body).toMatch(/^<main/)
    shell = () => 5
    await expect(get('/')).rejects.toThrow('"layout" must return a text')
  })

  it('offers what the rules allow, by default', async () => {
    const { body } = await visitor({}, { expiry: { maxMs: 90 * DAY_MS, defaultMs: DAY_MS } }).get('/new')
    expect([...body.matchAll(/name="expiry" value="(\w+)"/g)].map(([, value]) => value)).toEqual([
      '7',
      '30',
      '90',
      'date',
    ])
  })

  it('puts the page into the shell of the app, and its colours into the style', async () => {
    const layout = (main: string, { title, head }: { title: string; head: string }) =>
      `<!doctype html><head>${head}<link href="/app.css" rel="stylesheet"></head><h1>${title}</h1>${main}`
    const theme = { accent: '#0a7f5a', radius: '0', text: { light: '#111', dark: '#eee' } }
    const { body, headers } = await visitor({ layout, theme, sources: { 'style-src': ["'self'"] } }).get('/')
    expect(body).toMatch(/^<!doctype html><head><meta/)
    expect(body).toContain('--tessera-accent:#0a7f5a')
    expect(body).toContain('background:var(--tessera-background)')
    expect(headers['Content-Security-Policy']).toMatch(/style-src 'sha256-[^']+' 'self'/)
  })
})
