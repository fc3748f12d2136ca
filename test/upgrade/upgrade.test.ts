import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasPostgres } from '../postgres/index.ts'
import { leftBy, openPostgres, openRedis, openSqlite, readLeft } from './layouts.ts'
import { readLife, writeLife } from './life.ts'

const RELEASE = '0.1.0'
const isRecording = process.env['TESSERA_RECORD'] === RELEASE
const stores = [
  { name: 'Redis', open: openRedis, file: 'redis.json' },
  { name: 'SQLite', open: openSqlite, file: 'sqlite.sql' },
  ...(hasPostgres ? [{ name: 'PostgreSQL', open: openPostgres, file: 'postgres.sql' }] : []),
]

describe.each(stores)(`what ${RELEASE} left in $name`, { timeout: 30_000 }, ({ open, file }) => {
  const facts = file.replace(/\..*/, '-tokens.json')

  it.each(isRecording ? ['recorded'] : [])('is %s', async () => {
    await using layout = await open()
    const left = await writeLife(layout.store)
    expect(left.tokens).toHaveLength(9)
    writeFileSync(leftBy(RELEASE, file), await layout.keep())
    writeFileSync(leftBy(RELEASE, facts), `${JSON.stringify(left, null, 2)}\n`)
  })

  it('is read, shown, accepted and changed as ever', async () => {
    await using layout = await open(readLeft(RELEASE, file))
    await layout.ready?.()
    const left = JSON.parse(readLeft(RELEASE, facts))
    const seen = JSON.parse(JSON.stringify(await readLife(layout.store, left)))
    expect(seen).toMatchObject({
      shown: left.tokens,
      accepted: {
        plain: 'accepted',
        full: 'accepted',
        made: 'accepted',
        ends: 'expired',
        suspended: 'suspended',
        revoked: 'revoked',
        before: 'accepted',
        rotated: 'accepted',
      },
      rotatedAgain: true,
      successor: true,
      changes: ['active', 'plain', 'renamed', 8],
    })
  })
})
