import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const PUBLISHED = 'https://github.com/tessera-tokens/tessera/blob/main/'

/** The rows of a section's table, without its head. */
function rowsOf(section: string): readonly string[] {
  const [, after = ''] = readme.split(`\n## ${section}\n`)
  const [own = ''] = after.split('\n## ')
  const [, , ...rows] = own.split('\n').filter((line) => line.startsWith('| '))
  return rows
}

describe.each(['When things fail', '`leased`'])('the table of failures in the README, under %s', (section) => {
  const rows = rowsOf(section)

  it('has rows', () => expect(rows).not.toEqual([]))

  it.each(rows)('names tests that are there: %s', (row) => {
    const links = [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path.replace(PUBLISHED, ''))
    expect(links).not.toEqual([])
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
