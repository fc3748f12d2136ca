import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { importTokens, legacyAuthenticator } from '@tessera/import'
import { afterAll, describe, expect, it } from 'vitest'
import { openStores } from '../two-apis/stores.ts'
import { golden } from './golden.ts'
import { madeByPackages } from './made-by-packages.ts'

const all = [...golden, ...(await madeByPackages())]
const stores = await openStores()
afterAll(() => stores.stop())

const PEPPER = 'a pepper of at least 32 characters'

const { 'memory with a cache': memory, sqlite, redis } = stores.create

describe.each(Object.entries({ memory, sqlite, redis }))('secrets of another system, on %s', (_, create) => {
  const store: TokenStore = create?.() ?? memoryStore()

  it.each(all)('are accepted, listed, rotated into ours and revoked: $name', async ({ name, system, secret, row }) => {
    const legacy = legacyAuthenticator({ systems: [system] })
    const prefix = `t${all.findIndex((each) => each.name === name)}`
    const tokens = createTokens({ store, prefix, legacy, pepper: PEPPER })
    const refused = { ok: false, reason: 'unknown' }
    expect(await tokens.verify(secret)).toEqual(refused)
    expect(await importTokens(tokens, [row], { from: system })).toMatchObject({ imported: 1, losses: [] })
    expect(await importTokens(tokens, [row], { from: system })).toMatchObject({ imported: 0, present: 1 })
    expect(await createTokens({ store, prefix }).verify(secret)).toEqual({ ok: false, reason: 'malformed' })

    const both = await Promise.all([tokens.verify(secret), tokens.verify(secret)])
    expect(both).toMatchObject([1, 2].map(() => ({ ok: true, token: { owner: 'acme' } })))
    await tokens.close()
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    expect(await tokens.verify(`${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`)).toEqual(refused)
    const { tokens: listed } = await tokens.list('acme')
    expect(listed).toMatchObject([{ status: 'active', attributes: { importedFrom: system.name } }])
    expect(listed[0]?.preview).not.toContain(secret)
    expect(listed[0]?.lastUsedAt).not.toBeNull()
    expect(await tokens.usage('acme')).toMatchObject({ active: 1 })

    const rotated = await tokens.rotateSecret(secret)
    expect(rotated?.secret).toMatch(new RegExp(`^${prefix}_`))
    expect(rotated?.token.attributes).toEqual({})
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    expect(await tokens.verify(rotated?.secret ?? '')).toMatchObject({ ok: true })
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(await tokens.revokeSecret(rotated?.secret ?? '')).toMatchObject({ token: { status: 'revoked' } })
  })
})
