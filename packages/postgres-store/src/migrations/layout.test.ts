import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { grantSql } from './grant-sql.ts'
import { FUNCTIONS, LAYOUT, PRIVILEGES } from './layout.ts'
import { scripts } from './scripts.ts'

const namesOf = (kind: string) => {
  const made = new RegExp(`^create (?:or replace )?${kind} tessera\\.(\\w+)`, 'gm')
  return [...new Set([...scripts.join('\n').matchAll(made)].map(([, name = '']) => name))]
}

describe('the scripts', () => {
  it('are those of the SQL files: `node .ci/embed-sql.mjs` takes them over', () => {
    const folder = join(import.meta.dirname, '../../sql')
    const files = readdirSync(folder).filter((name) => name.endsWith('.sql'))
    expect(scripts).toEqual(files.toSorted().map((name) => readFileSync(join(folder, name), 'utf8')))
  })
})

describe('the layout', () => {
  it('is that of the newest script', () => {
    expect(scripts).toHaveLength(LAYOUT)
    expect(scripts.at(-1)).toContain(`insert into tessera.migrations (layout) values (${LAYOUT});`)
  })

  it('has the tables and functions of the scripts', () => {
    expect([...PRIVILEGES.keys()].toSorted()).toEqual(namesOf('table').toSorted())
    const forPeople = ['instant_v1']
    expect([...FUNCTIONS, ...forPeople].toSorted()).toEqual(namesOf('function').toSorted())
  })
})

describe('grantSql', () => {
  it('answers the grants in the guide', () => {
    const guide = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
    expect(guide).toContain(`\n\`\`\`sql\n${grantSql({ role: 'app' })}\n\`\`\`\n`)
  })

  it('quotes any name of a role, and names the schema', () => {
    const grants = grantSql({ role: 'a "b"', schema: 'user' })
    expect(grants).toContain('grant usage on schema "user" to "a ""b""";')
    expect(grants).toContain('grant select on "user".migrations to "a ""b""";')
  })

  it('is a TypeError for a wrong option', () => {
    expect(() => grantSql({} as never)).toThrow('grantSql: option "role" must be the name of a role')
    expect(() => grantSql({ role: 'a', schema: '"' })).toThrow('grantSql: option "schema" must be')
  })
})
