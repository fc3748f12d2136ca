import type { Decision, Seen, TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { OWNER, given, neighbourOf, sampleRecord } from '../../steps/sample-token.ts'
import { keptUnder, look, shown, storeIn, wanting } from './one-step.ts'

const PROVES: readonly string[] = [
  'One atomic step of one owner.',
  'Later states of shown records.',
  'New records.',
  'The request to keep under the wanted key.',
]

export const writes: Chapter = chapter('change writes', PROVES, (it) => {
  it('writes all of a decision, or nothing of it', async ({ expect, store, stores }) => {
    const handle = storeIn(stores)
    const [token, taken] = [await given(store), await given(store, { owner: neighbourOf(OWNER) })]
    const added = sampleRecord()
    const decide =
      (record: TokenRecord) =>
      (seen: Seen): Decision<string> => ({
        answer: 'written',
        put: [{ ...shown(seen, token), name: 'written' }],
        add: [record],
        keep: keptUnder('key', token),
        announce: [token.digest],
      })
    const wants = wanting([token.id, added.id], { key: 'key' })
    await expect(handle.change(OWNER, wants, decide({ ...added, digest: taken.digest }))).rejects.toThrow()
    expect(await handle.find(OWNER, token.id)).toEqual(token)
    expect(await handle.find(OWNER, added.id)).toBeNull()
    expect(await look(handle, wants)).toMatchObject({ kept: null })
    expect(await handle.change(OWNER, wants, decide(added))).toBe('written')
    expect(await handle.find(OWNER, token.id)).toEqual({ ...token, name: 'written' })
    expect(await handle.find(OWNER, added.id)).toEqual(added)
    expect(await look(handle, wants)).toMatchObject({ kept: { key: 'key', answer: { record: token } } })
  })

  it('writes nothing if the decision throws, and rejects with what it threw', async ({ expect, store, stores }) => {
    const token = await given(store)
    const refusal = new Error('refused')
    const decide = (): never => {
      throw refusal
    }
    for (const handle of stores) await expect(handle.change(OWNER, wanting([token.id]), decide)).rejects.toBe(refusal)
    expect(await store.find(OWNER, token.id)).toEqual(token)
  })
})
