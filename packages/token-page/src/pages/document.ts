import type { HttpResponse } from '@tessera/http'
import type { Words } from '../words/words.ts'
import { html, markupOf, trusted } from '../html/html.ts'
import type { Html, Part } from '../html/html.ts'
import { policyOf } from '../html/policy.ts'
import type { Sources } from '../html/sources.ts'
import { script } from '../html/script.ts'
import { styleOf } from '../html/style.ts'
import type { Theme } from '../html/style.ts'

/**
 * The whole document around the page. `main` is its markup, a `<main>` element; `head` belongs into the head of the document:
 * the style sheet, the script and the title.
 */
export type Layout = (main: string, page: { readonly title: string; readonly head: string }) => string

/** How the page looks. */
export interface Appearance {
  /** Colours, corners and the font, in place of the defaults. */
  readonly theme?: Theme
  /** Puts the page into the shell of the app. It is tried out when the page is built. Default a document of its own. */
  readonly layout?: Layout
  /** Sources for the shell of the app, beside those of the page, by the directive of the content security policy. */
  readonly sources?: Sources
}

/** A page before its document. */
export interface Page {
  readonly status?: number
  /** Plain text, for the title of the window. */
  readonly title: Part
  readonly content: Html
  readonly headers?: HttpResponse['headers']
}

/**
 * Builds the writer of documents. Style sheet and policy are made once.
 *
 * @throws TypeError for a layout without a text, here and when a document is written
 */
export function documentWriter(words: Words, options: Appearance): (page: Page) => HttpResponse {
  const style = styleOf(options.theme ?? {})
  const policy = policyOf(style, script, options.sources ?? {})
  const layout = options.layout === undefined ? ownLayout(words) : layoutOfApp(options.layout)

  return ({ status = 200, title, content, headers }) => {
    const titleText = markupOf(html`${title}`).replace(/<[^>]*>/g, '')
    const head = html`<meta name="viewport" content="width=device-width,initial-scale=1"><title>${trusted(titleText)}</title>
<style>${trusted(style)}</style><script type="module">${trusted(script)}</script>`
    const main = html`<main class="tessera" lang="${words.lang}" dir="${words.direction}">${content}</main>`
    return {
      status,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'same-origin',
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Opener-Policy': 'same-origin',
        ...headers,
      },
      body: layout(markupOf(main), { title: titleText, head: markupOf(head) }),
    }
  }
}

/** It is tried out at once. One that needs a request to go by may throw then. */
function layoutOfApp(layout: Layout): Layout {
  const checked: Layout = (main, page) => {
    const answer: unknown = layout(main, page)
    if (typeof answer === 'string') return answer
    Promise.resolve(answer).catch(() => {})
    throw new LayoutError('tokenPage: option "layout" must return a text at once')
  }
  try {
    checked('<main></main>', { title: '', head: '' })
  } catch (error) {
    if (error instanceof LayoutError) throw error
  }
  return checked
}

class LayoutError extends TypeError {}

function ownLayout({ lang, direction }: Words): Layout {
  const start = markupOf(html`<!doctype html><html lang="${lang}" dir="${direction}"><head><meta charset="utf-8">`)
  return (main, { head }) => `${start}${head}</head><body class="tessera-body">${main}</body></html>`
}
