import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chaptersFor } from './chapters/chapters-for.ts'

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')

describe('the README', () => {
  it('shows the example that runs here', () => {
    expect(read('../README.md')).toContain(`\`\`\`typescript\n${read('example.test.ts')}\`\`\``)
  })

  it('has each chapter of the suite in its table, and no other', () => {
    const [, table = ''] = read('../README.md').split('| chapter | proves |')
    const rows = table.slice(0, table.indexOf('\n\n')).matchAll(/^\| (`.*?) \|/gm)
    const listed = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]*)`/g)].map(([, title]) => title))
    const create = () => Promise.reject(new Error('no store is needed'))
    const subjects = [{ create }, { create, changeFeed: { keeps: 1 }, leases: { create } }]
    const titles = subjects.flatMap((subject) => chaptersFor(subject).map(({ title }) => title))
    expect(new Set(listed)).toEqual(new Set(titles))
  })
})
