import type { Decision, TokenStore } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike, expectCount } from '../../stage/expect-named.ts'
import { NOW, OWNER, given, queryOf, sampleDigest, sampleRecord } from '../../steps/sample-token.ts'
import { USUAL } from '../../steps/steps-on.ts'
import { ROUNDS, contend, keptUnder, renaming, shown, wanting } from './one-step.ts'

const PROVES: readonly string[] = [
  'writes its decision if nothing shown has changed meanwhile',
  'Else it shows again.',
  'all of it as of one instant',
  'Any number of processes may call it at once',
]

export const compares: Chapter = chapter('change compares', PROVES, (it) => {
  it('never lets two decide by what the other changes: of two tokens one stays', async (stage) => {
    const { expect, store } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const pair = [await given(store), await given(store)] as const
      await contend(stage, (handle, number) => {
        const [own, other] = number % 2 === 0 ? pair : [pair[1], pair[0]]
        return handle.change(OWNER, wanting([own.id, other.id]), (seen) =>
          renaming(shown(seen, own), shown(seen, other).name === 'gone' ? null : 'gone'),
        )
      })
      const names = await Promise.all(pair.map(async ({ id }) => (await store.find(OWNER, id))?.name))
      expect(
        names.filter((name) => name === 'gone'),
        `tokens ${pair.map(({ id }) => id).join(' and ')}`,
      ).toHaveLength(1)
    }
  })

  it('decides anew if a token that was only shown has changed', async (stage) => {
    const { expect, store } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const [gate, token] = [await given(store), await given(store)]
      const answers = await contend(stage, (handle, number) =>
        handle.change(OWNER, wanting([gate.id, token.id]), (seen) =>
          number === 0
            ? renaming(shown(seen, gate), shown(seen, token).name === 'passed' ? null : 'closed')
            : renaming(shown(seen, token), shown(seen, gate).name === 'closed' ? null : 'passed'),
        ),
      )
      const [closed, ...passed] = answers
      expect(closed === passed.includes(true), `tokens ${gate.id} and ${token.id}`).toBe(false)
    }
  })

  it('adds a token of one id once, whoever adds it', async (stage) => {
    const { expect } = stage
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = sampleRecord()
      const answers = await contend(stage, (handle, number) =>
        handle.change(OWNER, wanting([id]), ({ records }): Decision<string> => {
          const holder = records.get(id)
          if (holder !== undefined) return { answer: holder.name }
          const record = sampleRecord({ id, name: `adder ${number}`, digest: sampleDigest(`${id} ${number}`) })
          return { answer: record.name, add: [record] }
        }),
      )
      const stored = await stage.store.find(OWNER, id)
      expectAlike(expect, answers, stored?.name, `the adder of the token ${id}`)
    }
  })

  it('keeps the first answer under a key, whoever uses it', async (stage) => {
    const { expect, store } = stage
    const token = await given(store)
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `key ${round}`
      const answers = await contend(stage, (handle, number) =>
        handle.change(OWNER, wanting([], { key }), ({ kept }): Decision<string | undefined> => {
          if (kept !== null) return { answer: kept.fingerprint }
          const fingerprint = `user ${number}`
          return { answer: fingerprint, keep: { ...keptUnder(key, token), fingerprint } }
        }),
      )
      expect(new Set(answers).size, `answers under ${key}: ${answers.join(', ')}`).toBe(1)
    }
  })

  it('decides by a count that is still true when it writes', async (stage) => {
    const { expect, store } = stage
    const limit = 3
    for (let round = 0; round < ROUNDS; round += 1) {
      const owner = `counted-${round}`
      const answers = await contend(stage, (handle) => {
        const record = sampleRecord({ owner })
        return handle.change(owner, wanting([record.id], { active: { at: NOW, ...USUAL } }), ({ active }) =>
          (active ?? 0) < limit ? { answer: true, add: [record] } : { answer: false },
        )
      })
      expect(answers.filter(Boolean).length, `tokens added for ${owner}`).toBe(limit)
      const { records } = await store.list(queryOf({ owner }))
      const ids = records.map(({ id }) => id)
      expectCount(expect, ids, limit, `tokens of ${owner}`)
    }
  })

  it('lets each of 48 who change one token have its turn', async (stage) => {
    const { expect, store } = stage
    const token = await given(store, { name: '0' })
    const step = (handle: TokenStore) =>
      handle.change(OWNER, wanting([token.id]), (seen) => {
        const { name } = shown(seen, token)
        return renaming(shown(seen, token), String(Number(name) + 1))
      })
    await contend(stage, step, 48)
    expect((await store.find(OWNER, token.id))?.name).toBe('48')
  })
})
