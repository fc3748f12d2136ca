import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const PUBLISHED = 'https://github.com/tessera-tokens/tessera/blob/main/'

describe('the table of failures in the README', () => {
  const [, section = ''] = readme.split('## When things fail')
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('| '))

  it.each(rows)('names tests that are there: %s', (row) => {
    const links = [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path.replace(PUBLISHED, ''))
    expect(links).not.toEqual([])
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})
