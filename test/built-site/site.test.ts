import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { Problem, standardDialect } from '@tessera/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems } from '../../site/build/problems/causes.mjs'
import { serve } from '../../site/build/serve.mjs'
import { hasNoBrowser, startBrowser, violations } from '../browser/browser.ts'
import { root } from '../support/run-process.ts'

const PAGES = [
  '/',
  '/start/express.html',
  '/guide/dialects.html',
  '/problems/',
  '/problems/invalid_token/',
  '/reference/core.html',
]
const WIDTHS = [1280, 360]

let site: Awaited<ReturnType<typeof serve>>
beforeAll(async () => void (site = await serve(join(root, 'site/dist/html'), 0)))
afterAll(() => site.close())

describe('the built site', () => {
  it.each(Object.keys(problems))('has a page where the type of %s leads', async (code) => {
    const { writeError } = standardDialect({ problems: `${site.url}/problems/` })
    const { type } = writeError(new Problem(code as keyof typeof problems, '')) as { type: string }
    const answer = await fetch(type)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain(`<code>${code}</code>`)
  })
})

describe.skipIf(hasNoBrowser)('the built site in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  beforeAll(async () => void (browser = await startBrowser()))
  afterAll(() => browser.close())

  it.each(WIDTHS)('fits a window of %i pixels, asks no other server, and fails at nothing', async (width) => {
    const context = await browser.newContext({ baseURL: site.url, viewport: { width, height: 800 } })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())))
    page.on('request', (request) => void (new URL(request.url()).origin === site.url || faults.push(request.url())))
    for (const path of PAGES) {
      await page.goto(path)
      const beyond = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'))
      if (beyond > 0) faults.push(`${path} is ${beyond} pixels too wide`)
    }
    expect(faults).toEqual([])
    await context.close()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s colours', async (colorScheme) => {
    for (const path of ['/', '/problems/invalid_token/', '/guide/guarantees.html']) {
      const context = await browser.newContext({ baseURL: site.url, colorScheme })
      const page = await context.newPage()
      await page.goto(path)
      expect(await violations(page), path).toEqual([])
      await context.close()
    }
  })

  it('finds a page by a word', async () => {
    const context = await browser.newContext({ baseURL: site.url })
    const page = await context.newPage()
    await page.goto('/')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('idempotency_conflict')
    const found = page.getByRole('option').filter({ hasText: 'idempotency_conflict' }).first()
    await found.waitFor()
    expect(await found.textContent()).toContain('idempotency_conflict')
    await context.close()
  })
})
