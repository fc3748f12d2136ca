import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { FREELY, NOW, OWNER, given, idsOf, queryOf, sampleRecord } from '../../steps/sample-token.ts'

/** A name, and parts that find it although they are written otherwise. */
const WRITTEN_OTHERWISE: readonly (readonly [name: string, ...parts: string[]])[] = [
  ['Größe', 'GRÖSSE', 'größe', 'gro\u0308ße'],
  ['Cafe\u0301', 'CAF\u00c9', 'caf\u00e9'],
  ['ΟΔΟΣ', 'οδος', 'οδοσ'],
  ['Ωmega', 'ωMEGA', '\u2126mega'],
  ['деплой', 'ДЕПЛОЙ'],
  ['日本語 token', '本語 TOKEN'],
  ['🚀 launch', '🚀 LAUNCH', '🚀'],
  ['𐐨x', '𐐀X'],
]

const LITERAL = [...'%_*?.(+-"\':~\\', '%a', '%%', '\\_', '[a]', '{a}', '^a', 'a$']

/** Names with a meaning for JavaScript objects. */
const MEANINGFUL = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'null']

const PROVES: readonly string[] = [
  'Core decides, a store executes',
  'every character is literal',
  'without regard to case or to how accents are composed',
]

export const text: Chapter = chapter('text', PROVES, (it) => {
  for (const [name, ...parts] of WRITTEN_OTHERWISE) {
    it(`finds "${name}" by ${parts.map((part) => `"${part}"`).join(', ')}, and keeps it as it was written`, async ({
      expect,
      store,
    }) => {
      const token = await given(store, { name })
      await given(store, { name: 'unrelated' })
      for (const part of [name, ...parts]) expect(await idsOf(store, { name: part })).toEqual([token.id])
      expect((await store.find(OWNER, token.id))?.name).toBe(name)
    })
  }

  it('takes every character of a name filter for itself', async ({ expect, store }) => {
    await given(store, { name: 'plain' })
    for (const part of LITERAL) {
      const { id } = await given(store, { name: `with ${part} inside` })
      const found = await idsOf(store, { name: part })
      expect({ part, found: found.includes(id) }).toEqual({ part, found: true })
    }
    for (const part of LITERAL) {
      const page = await store.list(queryOf({ name: part }))
      for (const record of page.records) expect(record.name).toContain(part)
    }
  })

  it('keeps names that mean something to the language apart and whole', async ({ expect, store }) => {
    for (const word of MEANINGFUL) {
      const idempotency = { key: word, fingerprint: word, expiresAt: NOW + 9 }
      const attributes = { [word === '__proto__' ? 'proto' : word]: word }
      const record = sampleRecord({ owner: word, id: word, name: word, createdBy: word, scopes: [word], attributes })
      expect(await store.find(word, word)).toBeNull()
      expect(await store.findByDigest([word], shardOf(word))).toBeNull()
      expect(await idsOf(store, { owner: word })).toEqual([])
      expect(await store.insert(record, { ...FREELY, activeLimit: 1, idempotency })).toEqual({ outcome: 'inserted' })
      expect(await store.find(word, word)).toEqual(record)
      expect(await store.insert(sampleRecord({ owner: word }), { ...FREELY, idempotency })).toMatchObject({
        outcome: 'replayed',
      })
    }
    for (const word of MEANINGFUL) expect(await idsOf(store, { owner: word, name: word })).toEqual([word])
  })

  it('keeps text of every kind as it is', async ({ expect, store }) => {
    const kinds = [
      ' leading and trailing ',
      '"quoted" \'and\' \\escaped\\',
      '{"json":[1,null]}',
      'a,b;c|d\u00a0e',
      '\u202eright\u202c',
      '0',
      '-1',
      '1e5',
      'null',
      'false',
      '\ufeffbom',
      '👩‍👩‍👧‍👦',
    ]
    for (const kind of kinds) {
      const token = await given(store, { name: kind, owner: kind, createdBy: kind, attributes: { kind } })
      expect(await store.find(kind, token.id)).toEqual(token)
    }
  })

  it('keeps the largest fields that can be issued', async ({ expect, store }) => {
    const ascii = Array.from({ length: 94 }, (_, number) => String.fromCharCode(33 + number)).join('')
    const scope = (number: number) => `${number}:${ascii.replace(/["\\]/g, '')}`.padEnd(128, 'x')
    const attribute = (number: number) => [`a${number}`.padEnd(64, '_'), '🗝'.repeat(1_024)] as const
    const record = sampleRecord({
      id: 'i'.repeat(128),
      owner: '🏛'.repeat(255),
      name: '𝒏'.repeat(255),
      createdBy: '🧑'.repeat(255),
      scopes: Array.from({ length: 100 }, (_, number) => scope(number)),
      attributes: Object.fromEntries(Array.from({ length: 32 }, (_, number) => attribute(number))),
      expiresAt: Date.UTC(9999, 11, 31, 23, 59, 59, 999),
    })
    const idempotency = { key: '~'.repeat(255), fingerprint: 'f'.repeat(43), expiresAt: NOW + 1 }
    expect(await store.insert(record, { ...FREELY, idempotency })).toEqual({ outcome: 'inserted' })
    expect(await store.findByDigest([record.digest], shardOf(record.owner))).toEqual(record)
    expect(await idsOf(store, { owner: record.owner, name: '𝒏'.repeat(255) })).toEqual([record.id])
    expect(await store.insert(sampleRecord({ owner: record.owner }), { ...FREELY, idempotency })).toEqual({
      outcome: 'replayed',
      record,
    })
  })
})
