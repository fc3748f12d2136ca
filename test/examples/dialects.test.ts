import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { cursor, offset, operationNames, paged, plain, standard, tokenEndpoint } from '@tessera/http'
import type { Dialect } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'

const dialects: Readonly<Record<string, Dialect>> = { standard, plain, paged, offset, cursor }
const OWNER = '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a01'
const HOUR_MS = 3_600_000

/** The request for one token in each page, in the words of each dialect; `plain` has no pages. */
const ONE: Readonly<Record<string, string>> = {
  standard: 'limit=1&order=asc',
  plain: '',
  paged: 'per_page=1',
  offset: 'pagination[page_size]=1',
  cursor: 'limit=1',
}

/** A token that was used, and one beside it that was not, under a clock and with ids that are the same in each run. */
async function seeded(): Promise<{ tokens: Tokens; id: string }> {
  const clock = { now: Date.UTC(2026, 10, 27, 2, 48, 1, 208) }
  let issued = 0
  const ids = {
    generate: () => `b4f0c0de-0000-4000-8000-00000000000${(issued += 1)}`,
    matches: (id: string) => id.length === OWNER.length,
  }
  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat', activeLimit: 2, ids, now: () => clock.now })
  const facts = { owner: OWNER, scopes: ['jobs:read'], createdBy: 'ada@example.com' }
  const expiresAt = new Date(Date.UTC(2027, 0, 1))
  const { token, secret } = await tokens.issue({ ...facts, name: 'CI', expiresAt })
  clock.now += HOUR_MS
  await tokens.verify(secret)
  await tokens.flush()
  await tokens.issue({ ...facts, name: 'Deploys', expiresAt })
  return { tokens, id: token.id }
}

async function answersOf(name: string): Promise<Record<string, unknown>> {
  const dialect = dialects[name] ?? expect.fail()
  const { tokens, id } = await seeded()
  const find = tokenEndpoint(tokens, { dialect }, operationNames)
  async function answer(method: string, path: string, query = '', json?: object) {
    const body = json && JSON.stringify(json)
    const headers = { 'content-type': ['application/json'] }
    const caller = { owner: OWNER, scopes: null }
    const request = { method, path, query, headers, params: { orgID: OWNER }, caller, readBody: async () => body }
    return JSON.parse(comparable((await find(request)?.(request))?.body ?? ''))
  }
  return {
    token: await answer('GET', `/${id}`),
    page: await answer('GET', '/', ONE[name]),
    limit: await answer('POST', '/', '', { name: 'One more', scopes: [] }),
    parameter: await answer('POST', '/', '', { name: 7, scopes: [] }),
  }
}

/** Secrets are drawn at random, and so are their previews. */
function comparable(text: string): string {
  return text.replaceAll(/acme_pat_\w{4}(?:\*{8}\w{4})?/g, (preview) =>
    preview.includes('*') ? 'acme_pat_c3f9********bd21' : 'acme_pat_c3f9',
  )
}

describe('docs/dialects.md', () => {
  const text = readFileSync(join(root, 'docs/dialects.md'), 'utf8')
  const blocks = [...text.matchAll(/^```json (\w+) (\w+)\n(.*?)^```$/gms)].map(
    ([, name = '', kind = '', code = '']) => ({
      name,
      kind,
      shown: JSON.parse(code) as unknown,
    }),
  )

  it.each(Object.keys(dialects))('shows what %s really answers', async (name) => {
    const shown = Object.fromEntries(
      blocks.filter((block) => block.name === name).map((block) => [block.kind, block.shown]),
    )
    expect(shown).toEqual(await answersOf(name))
  })

  it('has no other block', () => {
    expect(blocks).toHaveLength(20)
    expect(text.match(/^```\w/gm)).toHaveLength(20)
  })
})
