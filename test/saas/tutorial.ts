import { expect, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { runCurl } from '../support/readmes/curl.ts'
import { commandsIn, fencedBlocks } from '../support/readmes/markdown.ts'
import { comparable, shownPattern } from '../support/readmes/shown-output.ts'

/** One step of a tutorial: what a reader does, in the browser or in a shell. */
export type Step =
  | { readonly do: 'open' | 'press' | 'tick'; readonly what: string }
  | { readonly do: 'fill' | 'choose'; readonly what: string; readonly value: string }
  | { readonly do: 'see' | 'miss'; readonly what: string }
  | { readonly do: 'run'; readonly line: string; readonly output: string }

const WORDS = [
  /\bopen <(?<open>[^>]+)>/,
  /\bpress \*\*(?<press>[^*]+)\*\*/,
  /\btick \*\*(?<tick>[^*]+)\*\*/,
  /\bchoose \*\*(?<value>[^*]+)\*\* for \*\*(?<choose>[^*]+)\*\*/,
  /\*\*(?<fill>[^*]+)\*\* with `(?<text>[^`]+)`/,
  /\bno more `(?<miss>[^`]+)`/,
  /`(?<see>[^`]+)`/,
  // What follows the first one in an enumeration, as in "press **a**, then **b**".
  /\*\*(?<again>[^*]+)\*\*/,
]
const INSTRUCTION = new RegExp(WORDS.map(({ source }) => source).join('|'), 'gi')
const FENCE = /^```console\n.*?^```$/gms

/** Reads the section "Tutorial" of a README. Everything bold or in backticks is something to do or to see. */
export function readTutorial(readme: string): readonly Step[] {
  const [, section = ''] = /^## Tutorial\n(.*?)^### 7\. /ms.exec(readme) ?? []
  const blocks = fencedBlocks(section).filter(({ language }) => language === 'console')
  const prose = section.split(FENCE)
  return prose.flatMap((text, index) => [...readProse(text), ...readShell(blocks[index]?.code ?? '')])
}

function readProse(text: string): readonly Step[] {
  return [...text.replaceAll(/\s+/g, ' ').matchAll(INSTRUCTION)].map(({ groups = {} }): Step => {
    const { open, press, again, tick, choose, value = '', fill, text: filled = '', miss, see = '' } = groups
    if (open !== undefined) return { do: 'open', what: open }
    if (press !== undefined || again !== undefined) return { do: 'press', what: press ?? again ?? '' }
    if (tick !== undefined) return { do: 'tick', what: tick }
    if (choose !== undefined) return { do: 'choose', what: choose, value }
    if (fill !== undefined) return { do: 'fill', what: fill, value: filled }
    return miss === undefined ? { do: 'see', what: see } : { do: 'miss', what: miss }
  })
}

function readShell(code: string): readonly Step[] {
  return commandsIn(code).map((command) => ({ do: 'run', ...command }))
}

/** A reader who does the steps at another address than the README's, with a browser and a shell. */
export function createReader(page: Page, url: string): (step: Step) => Promise<void> {
  const variables: Record<string, string> = {}
  const here = (text: string) => text.replaceAll('http://127.0.0.1:3000', url)

  async function press(name: string): Promise<void> {
    const named = { name, exact: true }
    await page.getByRole('button', named).or(page.getByRole('link', named)).first().click()
  }

  /** The page may be a little behind: a reader looks again. */
  async function look(matches: (text: string) => boolean, what: string): Promise<void> {
    const seen = async () => {
      if (matches(await page.locator('body').innerText())) return
      await page.reload()
      throw new Error(`the page does not have it: ${what}`)
    }
    await vi.waitFor(seen, { timeout: 10_000, interval: 200 })
  }

  async function run(line: string, output: string): Promise<void> {
    const [, name] = /^export (\w+)=…$/.exec(line) ?? []
    if (name !== undefined) {
      variables[name] = await page.evaluate<string>('navigator.clipboard.readText()')
      return
    }
    expect({ line, output: comparable(await runCurl(here(line), variables)) }).toEqual({
      line,
      output: expect.stringMatching(shownPattern(output)),
    })
  }

  return async (step) => {
    switch (step.do) {
      case 'open':
        return void (await page.goto(here(step.what)))
      case 'press':
        return press(step.what)
      case 'tick':
        return page.getByRole('checkbox', { name: step.what }).check()
      case 'choose':
        return void (await page.getByLabel(step.what).selectOption(step.value))
      case 'fill':
        return page.getByLabel(step.what, { exact: true }).fill(step.value)
      case 'see':
        return look((text) => text.includes(step.what), step.what)
      case 'miss':
        return look((text) => !text.includes(step.what), `no more ${step.what}`)
      case 'run':
        return run(step.line, step.output)
    }
  }
}
