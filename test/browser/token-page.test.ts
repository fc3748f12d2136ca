import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { arabic } from '@tessera/token-page'
import { hasNoBrowser, signIn, startBrowser, violations } from './browser.ts'
import { scopes, startPage } from './page-server.ts'
import type { PageServer } from './page-server.ts'

const SECRET = /acme_pat_\w{20,}/g
const NARROW = { width: 360, height: 740 }

describe.skipIf(hasNoBrowser)('the token page in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let server: PageServer
  beforeAll(async () => void (browser = await startBrowser()))
  afterAll(() => browser.close())
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await server.close()
  })

  it('makes, shows, edits, rotates, suspends, resumes and revokes a token, by roles and names', async () => {
    server = await startPage()
    const { page, refused } = await signIn(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('link', { name: 'New token' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('CI')
    await page.getByRole('checkbox', { name: 'jobs:read' }).check()
    await page.getByRole('radio', { name: 'In 90 days' }).check()
    await page.getByRole('button', { name: 'Create token' }).click()
    const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect(await server.tokens.authenticate(secret)).toMatchObject({ name: 'CI', scopes: ['jobs:read'] })
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByText('Copied', { exact: true }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret)

    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Build')
    await page.getByRole('checkbox', { name: 'nodes:read' }).check()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('status').filter({ hasText: 'saved' }).waitFor()
    await page.getByRole('button', { name: 'Suspend token' }).click()
    await page.getByText('Suspended', { exact: true }).first().waitFor()
    expect(await server.tokens.authenticate(secret)).toBeNull()
    await page.getByRole('button', { name: 'Resume token' }).click()
    await page.getByRole('combobox', { name: 'The old secret works on' }).selectOption('1 hour')
    await page.getByRole('button', { name: 'Rotate token' }).click()
    const next = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect(await server.tokens.authenticate(next)).toMatchObject({ name: 'Build', scopes: ['jobs:read', 'nodes:read'] })
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('It was last used').waitFor()
    await page.getByRole('button', { name: 'Revoke token' }).click()
    await page.getByRole('status').filter({ hasText: 'revoked' }).waitFor()
    expect(await server.tokens.authenticate(next)).toBeNull()
    expect(refused).toEqual([])
  })

  it('shows a secret in one answer of a session, in no address and no cookie, and not after a reload', async () => {
    server = await startPage()
    const { page, context } = await signIn(browser, server.url)
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    await page.goto('/tokens/new?name=CI&scopes=jobs:read&days=7')
    await page.getByRole('button', { name: 'Create token' }).click()
    const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
    page.on('dialog', (dialog) => dialog.accept())
    await page.reload()
    await page.getByText('This token was created already').waitFor()
    await page.getByRole('link', { name: 'Show the token' }).click()
    await page.getByRole('link', { name: 'All tokens' }).click()
    expect(await page.getByRole('row').count()).toBe(2)
    expect(server.answers.filter((answer) => answer.includes(secret))).toHaveLength(1)
    expect(server.answers.join('').match(SECRET)).toEqual([secret])
    expect(JSON.stringify([addresses, await context.cookies()])).not.toContain(secret)
  })

  it('is used by the keyboard alone, and the focus stands on the new secret', async () => {
    server = await startPage()
    const { page } = await signIn(browser, server.url, { permissions: ['clipboard-read', 'clipboard-write'] })
    const tabTo = async (name: string) => {
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate<string>(
          '((here) => here.labels?.[0]?.textContent ?? (here.matches("a,button") ? here.textContent : ""))(document.activeElement)',
        )
        if (at.includes(name)) return
      }
      throw new Error(`no way to ${name}`)
    }
    await tabTo('New token')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/new')
    await tabTo('Name')
    await page.keyboard.type('Keyboard')
    await tabTo('jobs:read')
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Secret' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('secret')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Copied', { exact: true }).waitFor()
  })

  it('asks for a date only if it is chosen, and sends none that it hides', async () => {
    server = await startPage()
    const { page } = await signIn(browser, server.url)
    const date = page.getByLabel('Date', { exact: true })
    await page.goto('/tokens/new?name=Dated')
    expect(await date.isVisible()).toBe(false)
    await page.getByRole('radio', { name: 'On a date' }).check()
    await date.fill('2099-12-31')
    await page.getByRole('button', { name: 'Create token' }).click()
    const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
    const token = await server.tokens.authenticate(secret)
    expect(token?.expiresAt).toEqual(new Date('2099-12-31T23:59:59.999Z'))

    await page.goto(`/tokens/${token?.id}`)
    await page.getByRole('radio', { name: 'On a date' }).check()
    await date.fill('2088-12-31')
    await page.getByRole('radio', { name: 'In 7 days' }).check()
    expect(await date.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('status').filter({ hasText: 'saved' }).waitFor()
    await page.goto('/tokens/new?expiry=date&date=2099-12-31')
    expect(await date.inputValue()).toBe('2099-12-31')
    expect(await date.isVisible()).toBe(true)
  })

  it('works whole without JavaScript', async () => {
    server = await startPage()
    const { page } = await signIn(browser, server.url, { javaScriptEnabled: false })
    await page.goto('/tokens/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Plain')
    await page.getByRole('radio', { name: 'On a date' }).check()
    await page.getByLabel('Date', { exact: true }).fill('2099-12-31')
    await page.getByRole('button', { name: 'Create token' }).click()
    const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue()
    expect((await server.tokens.authenticate(secret))?.expiresAt).toEqual(new Date('2099-12-31T23:59:59.999Z'))
    expect(await page.getByRole('button', { name: 'Copy' }).isVisible()).toBe(false)
    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('button', { name: 'Revoke token' }).click()
    expect(await server.tokens.authenticate(secret)).toBeNull()
  })

  it.each([
    ['light', 'light', undefined, {}],
    ['dark', 'dark', undefined, {}],
    ['360 px', 'light', NARROW, {}],
    ['right to left, 360 px', 'dark', NARROW, { lang: 'ar', texts: arabic }],
  ] as const)(
    'breaks no rule of accessibility and scrolls never sideways: %s',
    async (_, colorScheme, viewport, options) => {
      server = await startPage(options)
      await fill(server)
      const { page } = await signIn(browser, server.url, {
        colorScheme,
        bypassCSP: true,
        ...(viewport && { viewport }),
      })
      const { tokens } = await server.tokens.list('acme')
      for (const path of ['', '/new', `/${tokens[0]?.id}`, `/${tokens[0]?.id}/revoke`, '/nowhere', '?q=nothing']) {
        await page.goto(`/tokens${path}`)
        expect(await violations(page), path).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
      }
      await page.goto('/tokens/new?name=a&days=7')
      await page.getByRole('button').last().click()
      await page.locator('#secret').waitFor()
      expect(await violations(page), 'the secret').toEqual([])
    },
  )

  it('stays whole in forced colours and on paper', async () => {
    server = await startPage()
    await fill(server)
    const { page } = await signIn(browser, server.url, { bypassCSP: true, viewport: NARROW })
    const { tokens } = await server.tokens.list('acme')
    for (const media of [{ forcedColors: 'active' }, { forcedColors: 'none', media: 'print' }] as const) {
      await page.emulateMedia(media)
      for (const path of ['', `/${tokens[0]?.id}`]) {
        await page.goto(`/tokens${path}`)
        expect(await violations(page), JSON.stringify([media, path])).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
      }
    }
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true)
    expect(await page.getByRole('button').count()).toBe(0)
  })

  it('turns 200 tokens over 50 at a time, finds one, and searches a long catalogue', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, each) => [`area${each}:read`, `Read area ${each}`]))
    server = await startPage({}, many)
    for (let each = 0; each < 200; each++) await server.tokens.issue({ owner: 'acme', name: `Job ${each}`, scopes: [] })
    const { page } = await signIn(browser, server.url)
    const names = new Set<string>()
    for (let turn = 0; turn < 4; turn++) {
      const rows = await page.getByRole('rowheader').allTextContents()
      expect(rows).toHaveLength(50)
      for (const row of rows) names.add(row)
      if (turn < 3) await page.getByRole('link', { name: 'Older tokens' }).click()
    }
    expect(names.size).toBe(200)
    expect(await page.getByRole('link', { name: 'Older tokens' }).count()).toBe(0)
    await page.getByRole('searchbox', { name: 'Search by name' }).fill('job 123')
    await page.getByRole('button', { name: 'Apply' }).click()
    expect(await page.getByRole('rowheader').count()).toBe(1)
    await page.goto('/tokens/new')
    await page.getByRole('searchbox', { name: 'Find a scope' }).fill('area 39')
    expect(await page.getByRole('checkbox').count()).toBe(1)
  })

  it('shows hostile names as text', async () => {
    server = await startPage()
    const name = `<img src=x onerror="document.title=1">'"&`
    const { token } = await server.tokens.issue({ owner: 'acme', name, scopes: [], createdBy: name })
    const { page } = await signIn(browser, server.url)
    await page.getByRole('link', { name }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(name)
    await page.goto(`/tokens/${token.id}/revoke`)
    expect(await page.title()).toContain(name)
  })

  it('refuses the form of another site', async () => {
    server = await startPage()
    const { token } = await server.tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const { page } = await signIn(browser, server.url)
    const elsewhere = server.url.replace('127.0.0.1', 'localhost')
    await page.route(`${elsewhere}/evil`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${server.url}/tokens/${token.id}/revoke"><button>Win</button></form>`,
      }),
    )
    await page.goto(`${elsewhere}/evil`)
    await page.getByRole('button', { name: 'Win' }).click()
    await page.waitForURL('**/revoke')
    expect((await server.tokens.get('acme', token.id))?.status).toBe('active')
  })

  it('loses nothing over two tabs, a lost session and a store that is down', async () => {
    server = await startPage()
    const { token } = await server.tokens.issue({ owner: 'acme', name: 'CI', scopes: Object.keys(scopes) })
    const { page, context } = await signIn(browser, server.url)
    const other = await context.newPage()
    await page.goto(`/tokens/${token.id}`)
    await other.goto(`/tokens/${token.id}`)
    await other.getByRole('checkbox', { name: 'jobs:write' }).uncheck()
    await other.getByRole('button', { name: 'Save changes' }).click()
    await other.getByRole('status').waitFor()
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('alert').filter({ hasText: 'changed meanwhile' }).waitFor()
    expect(await page.getByRole('checkbox', { name: 'jobs:write' }).isChecked()).toBe(false)

    await page.goto('/tokens/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Deploy')
    server.failStore(true)
    await page.getByRole('button', { name: 'Create token' }).click()
    await page.getByRole('alert').waitFor()
    server.failStore(false)
    await page.getByRole('button', { name: 'Create token' }).click()
    await page.getByRole('textbox', { name: 'Secret' }).waitFor()
    expect((await server.tokens.list('acme')).total).toBe(2)

    await context.clearCookies()
    await other.getByRole('button', { name: 'Suspend token' }).click()
    await other.getByRole('link', { name: 'Sign in' }).waitFor()
    expect((await server.tokens.get('acme', token.id))?.status).toBe('active')
  })
})

/** Tokens of every status, with long names and many scopes. */
async function fill({ tokens }: PageServer): Promise<void> {
  const issue = async (name: string, more: object = {}) =>
    (await tokens.issue({ owner: 'acme', name, scopes: [], createdBy: 'ada@example.com', ...more })).token.id
  await issue('Backup')
  await tokens.suspend('acme', await issue('Suspended for a while'))
  await tokens.revoke('acme', await issue('Old'))
  await issue('Soon', { expiresAt: new Date(Date.now() + 86_400_000 * 3) })
  await issue('A very long name of a token, without an end in sight: '.repeat(4), {
    createdBy: 'somebody.with.a.long.name@subdomain.example.com',
  })
  await issue('نسخة احتياطية', { scopes: Object.keys(scopes), networks: ['192.0.2.0/24', '2001:db8:1234:5678::/64'] })
}
