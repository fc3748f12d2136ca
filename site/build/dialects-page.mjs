import { samplesOf } from './answers/samples.mjs'
import { dialects } from './answers/stage.mjs'
import { codeGroup, jsonBlock } from './markdown.mjs'

const SAMPLES = /(?:^`\w+`:\n\n```json \w+ \w+\n[^]*?^```\n+)+/gm
const KIND = /^```json \w+ (\w+)$/m

/**
 * The document of the dialects with tabs in place of its samples, made from what the dialects answer.
 *
 * @param {string} markdown
 */
export async function dialectsPage(markdown) {
  const answers = new Map()
  for (const name of Object.keys(dialects)) answers.set(name, await samplesOf(name))
  return markdown.replaceAll(SAMPLES, (samples) => {
    const kind = KIND.exec(samples)?.[1] ?? ''
    const tabs = Object.keys(dialects).map((title) => ({ title, block: jsonBlock(answers.get(title)[kind]) }))
    return `${codeGroup(tabs)}\n\n`
  })
}
