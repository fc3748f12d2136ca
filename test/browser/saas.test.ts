import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLongRun } from '../support/how-much.ts'
import { startSaas } from '../saas/saas-server.ts'
import type { SaasServer } from '../saas/saas-server.ts'
import { createReader, readTutorial } from '../saas/tutorial.ts'
import { root } from '../support/run-process.ts'
import { hasNoBrowser, startBrowser, violations } from './browser.ts'

const readme = readFileSync(join(root, 'examples/saas/README.md'), 'utf8')

const NARROW = [[360, 'dark']] as const
const ALL = [...NARROW, [360, 'light'], [1280, 'light'], [1280, 'dark']] as const
const PAGES = ['/people', '/audit', '/sign-up']
const MORE_PAGES = [
  '/projects',
  '/tokens',
  '/tokens/new',
  '/organizations',
  '/nowhere',
  '/sign-in',
  '/invitations/none',
]

describe.skipIf(hasNoBrowser)('examples/saas in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let server: SaasServer
  let page: Page

  beforeAll(async () => {
    browser = await startBrowser()
    server = await startSaas({}, [join(root, '.ci/start.mjs'), 'saas'])
    const permissions = ['clipboard-read', 'clipboard-write']
    page = await browser.newPage({ bypassCSP: true, permissions, viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(10_000)
  }, 60_000)
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await browser?.close()
  })

  it('is as its tutorial says, to the letter', async () => {
    const steps = readTutorial(readme)
    expect(new Set(steps.map((step) => step.do))).toHaveLength(8)
    const read = createReader(page, server.url)
    for (const step of steps) await read(step)
  })

  it('breaks no rule of accessibility and scrolls never sideways, wide and narrow, light and dark', async () => {
    for (const [width, colorScheme] of isLongRun ? ALL : NARROW) {
      await page.setViewportSize({ width, height: 740 })
      await page.emulateMedia({ colorScheme })
      for (const path of isLongRun ? [...PAGES, ...MORE_PAGES] : PAGES) {
        await page.goto(server.url + path)
        expect(await violations(page), path).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
      }
    }
  })
})
