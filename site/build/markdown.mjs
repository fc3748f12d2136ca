const FENCE = /^ *(?:```|~~~)/

/**
 * @param {unknown} json
 * @returns {string}
 */
export function jsonBlock(json) {
  return `\`\`\`json\n${JSON.stringify(json, null, 2)}\n\`\`\``
}

/**
 * Blocks of code as tabs.
 *
 * @param {readonly { readonly title: string, readonly block: string }[]} tabs
 */
export function codeGroup(tabs) {
  const blocks = tabs.map(({ title, block }) => block.replace(/^```(\w+).*$/m, `\`\`\`$1 [${title}]`))
  return ['::: code-group', ...blocks, ':::'].join('\n\n')
}

/**
 * What stands before the first heading of the second level, without the title.
 *
 * @param {string} markdown
 */
export function opening(markdown) {
  return sections(markdown)[0]?.text.replace(/^# .*\n+/, '') ?? ''
}

/**
 * The section with this heading of the second level, with its heading.
 *
 * @param {string} markdown
 * @param {string} heading
 */
export function section(markdown, heading) {
  const found = sections(markdown).find(({ text }) => text.startsWith(`## ${heading}\n`))
  if (found === undefined) throw new Error(`there is no heading ${heading}`)
  return found.text
}

/**
 * @param {string} markdown
 * @returns {{ readonly text: string }[]}
 */
function sections(markdown) {
  /** @type {string[][]} */
  const parts = [[]]
  let isCode = false
  for (const line of markdown.split('\n')) {
    if (FENCE.test(line)) isCode = !isCode
    if (!isCode && line.startsWith('## ')) parts.push([])
    parts.at(-1)?.push(line)
  }
  return parts.map((lines) => ({ text: `${lines.join('\n').trim()}\n` }))
}

/**
 * The first list of a document.
 *
 * @param {string} markdown
 */
export function bullets(markdown) {
  return /^- [^]*?(?=\n\n)/m.exec(markdown)?.[0] ?? ''
}
