import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../site/build/answers/samples.mjs'
import { dialects } from '../../site/build/answers/stage.mjs'
import { root } from '../support/run-process.ts'

describe('docs/dialects.md', () => {
  const text = readFileSync(join(root, 'docs/dialects.md'), 'utf8')
  const blocks = [...text.matchAll(/^```json (\w+) (\w+)\n(.*?)^```$/gms)].map(
    ([, name = '', kind = '', code = '']) => ({
      name,
      kind,
      shown: JSON.parse(code) as unknown,
    }),
  )

  it.each(Object.keys(dialects))('shows what %s really answers', async (name) => {
    const shown = Object.fromEntries(
      blocks.filter((block) => block.name === name).map((block) => [block.kind, block.shown]),
    )
    expect(shown).toEqual(await samplesOf(name))
  })

  it('has no other block', () => {
    expect(blocks).toHaveLength(20)
    expect(text.match(/^```\w/gm)).toHaveLength(20)
  })
})
