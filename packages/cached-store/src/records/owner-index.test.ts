import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { createOwnerIndex } from './owner-index.ts'
import type { Grouped, OwnerGroup } from './owner-index.ts'

interface Entry extends Grouped<Entry> {
  readonly group: OwnerGroup<Entry>
}

function opened(counts: Readonly<Record<string, number>>) {
  const index = createOwnerIndex<Entry>()
  const entries = Object.entries(counts).flatMap(([owner, count]) =>
    Array.from({ length: count }, (_, number) => {
      const entry: Entry = { record: sampleRecord({ owner, id: `${number}` }), group: index.groupOf(owner) }
      index.add(entry)
      return entry
    }),
  )
  const leftovers = () => {
    const rest: Entry[] = []
    for (let entry = index.nextForgotten(); entry !== null; entry = index.nextForgotten()) rest.push(entry)
    return rest
  }
  return { index, entries, leftovers }
}

describe('createOwnerIndex', () => {
  it.each([1, 2, 50])('finds each of %i records of an owner by its id, until it is removed', (count) => {
    const { index, entries } = opened({ acme: count, other: 1 })
    for (const entry of entries) expect(index.find(entry.record.owner, entry.record.id)).toBe(entry)
    for (const entry of entries.slice(0, count)) index.remove(entry)
    expect(index.find('acme', '0')).toBeNull()
    expect(index.find('other', '0')).toBe(entries.at(-1))
    expect(index.find('nobody', '0')).toBeNull()
  })

  it.each([1, 3])('forgets the %i records of an owner at once, and leaves each to be removed once', (count) => {
    const { index, entries, leftovers } = opened({ acme: count, other: 2 })
    index.forgetOwner('acme')
    index.forgetOwner('acme')
    expect(entries.map(({ record }) => index.find(record.owner, record.id) !== null)).toEqual([
      ...Array.from({ length: count }, () => false),
      true,
      true,
    ])
    expect(entries.filter(({ group }) => group.life.isOver)).toHaveLength(count)
    expect(leftovers()).toEqual(entries.slice(0, count))
    expect(leftovers()).toEqual([])
  })

  it('forgets the records of all owners at once, and leaves each to be removed once', () => {
    const { index, entries, leftovers } = opened({ acme: 3, other: 1, another: 2 })
    index.forgetOwner('another')
    index.forgetAll()
    expect(entries.every(({ group }) => group.life.isOver)).toBe(true)
    expect(entries.filter(({ record }) => index.find(record.owner, record.id) !== null)).toEqual([])
    const again: Entry = { record: sampleRecord({ owner: 'acme', id: '0' }), group: index.groupOf('acme') }
    index.add(again)
    expect(again.group.life.isOver).toBe(false)
    expect(leftovers()).toEqual([...entries.slice(4), ...entries.slice(0, 4)])
    expect(index.find('acme', '0')).toBe(again)
  })

  it('leaves nothing of what was removed meanwhile, and knows new records of the owner', () => {
    const { index, entries, leftovers } = opened({ acme: 3 })
    index.forgetOwner('acme')
    const [first, second, third] = entries
    expect(index.nextForgotten()).toBe(first)
    if (second !== undefined) index.remove(second)
    const again: Entry = { record: sampleRecord({ owner: 'acme', id: '0' }), group: index.groupOf('acme') }
    index.add(again)
    expect(leftovers()).toEqual([third])
    expect(index.find('acme', '0')).toBe(again)
  })
})
