import { slugOf } from '../../site/build/slug.mjs'

/** Where the files are to be read by whoever has no checkout: READMEs of packages link there. */
export const HOME = 'https://github.com/tessera-tokens/tessera'

/** A link in Markdown to a file of the repository: not to a server, and not an example in a code block. */
export interface Link {
  readonly line: number
  /** Relative to the file that holds the link, empty for a link to the same file; from `/` on for one from the root. */
  readonly path: string
  /** Without `#`; `null` for the whole file. */
  readonly anchor: string | null
}

const FENCE = /^ *(?:```|~~~)/
const INLINE = /\]\(<?([^()\s<>]+)>?(?: "[^"]*")?\)/g
const REFERENCE = /^ {0,3}\[[^\]]+\]: +<?([^\s<>]+)>?/g
const AT_HOME = new RegExp(`^${HOME}/(?:blob|tree)/main(?=/)`)
const ELSEWHERE = /^(?:[a-z][a-z+.-]*:|\/)/i

export function linksIn(markdown: string): Link[] {
  return proseLines(markdown).flatMap(({ line, text }) => {
    const prose = text.replaceAll(/`[^`]*`/g, '``')
    const targets = [...prose.matchAll(INLINE), ...prose.matchAll(REFERENCE)].map(([, target = '']) => target)
    const inside = targets.filter((target) => AT_HOME.test(target) || !ELSEWHERE.test(target))
    return inside.map((target) => linkTo(target.replace(AT_HOME, ''), line))
  })
}

/** The anchors that GitHub gives to the headings, and those that the file sets itself. */
export function anchorsIn(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const { text } of proseLines(markdown)) {
    for (const [, name = ''] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name)
    const [, heading] = /^#{1,6} +(.*?)(?: +#+)?$/.exec(text) ?? []
    if (heading === undefined) continue
    const slug = slugOf(heading)
    let anchor = slug
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`
    anchors.add(anchor)
  }
  return anchors
}

function linkTo(target: string, line: number): Link {
  const [path = '', anchor = null] = target.split('#')
  return { line, path: decodeURIComponent(path), anchor }
}

/** The lines outside code blocks, each with its number from 1. */
function proseLines(markdown: string): { line: number; text: string }[] {
  let isCode = false
  return markdown.split('\n').flatMap((text, index) => {
    const isFence = FENCE.test(text)
    if (isFence) isCode = !isCode
    return isCode || isFence ? [] : [{ line: index + 1, text }]
  })
}
