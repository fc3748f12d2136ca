import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')

describe('the README', () => {
  it('shows the example that runs here', () => {
    expect(read('../README.md')).toContain(`\`\`\`typescript\n${read('example.test.ts')}\`\`\``)
  })
})
