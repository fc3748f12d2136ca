import axe from 'axe-core'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { browserProgram } from './find-browser.mjs'

const program = browserProgram()

/** Whether there is no browser to drive. */
export const hasNoBrowser: boolean = program === null

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox', '--disable-gpu'] })
}

/** A person's window: signed in at the app, with everything that the page's policy refused. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  readonly refused: readonly string[]
}

export async function signIn(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ baseURL: url, ...options })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const refused: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && refused.push(message.text())))
  await page.goto('/login')
  return { page, context, refused }
}

/** The rules of accessibility that a page breaks. Its policy lets no foreign script in: it needs a context with `bypassCSP`. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations: broken } = await page.evaluate<axe.AxeResults>('axe.run()')
  return broken.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
