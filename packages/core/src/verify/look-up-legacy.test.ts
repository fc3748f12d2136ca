import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import type { TokenEvent } from '../observe/token-event.ts'
import type { LegacySecrets } from '../setup/legacy-secrets.ts'
import { recordsOf } from '../setup/token-records.ts'
import { IMPORTED_FROM } from '../steps/inherit.ts'
import { newRecord } from '../token/new-record.ts'
import { digestSecret } from '../token/secret/digest.ts'
import { shardOf } from '../token/secret/secret.ts'
import { createTokens } from '../create-tokens.ts'

const SECRET = 'old-secret-of-acme'
const PEPPER = 'a pepper of at least 32 characters'
const [OTHER, UNKNOWN] = ['ot_pat_but no secret', 'old-and-unknown']

async function imported({ pepper = PEPPER, prefix = 'ot_pat' } = {}) {
  const events: TokenEvent[] = []
  const calls = { find: 0 }
  const store = memoryStore()
  const legacy: LegacySecrets = {
    matches: (secret) => secret.startsWith('old-'),
    find(secret, records) {
      calls.find += 1
      return records.findByDigest([...records.digestsOf(secret), digestSecret(secret)], shardOf('acme'))
    },
  }
  const onEvent = (event: TokenEvent) => events.push(event)
  const tokens = createTokens({ store, prefix: 'ot_pat', legacy, pepper, onEvent })
  const records = recordsOf(tokens)
  const record = newRecord({
    id: records.newId(),
    owner: 'acme',
    digest: digestSecret(SECRET),
    prefix,
    preview: 'old-****',
    name: 'CI',
    scopes: ['jobs:read'],
    createdBy: null,
    attributes: { [IMPORTED_FROM]: 'old', team: 'a' },
    createdAt: records.now(),
    expiresAt: null,
    networks: null,
  })
  await records.insert(record)
  records.noteImport(record, 'old', 'ada')
  return { tokens, store, record, events, calls }
}

describe('a secret of another system', () => {
  it('is accepted, and kept under our own digest from then on', async () => {
    const { tokens, store, record, events } = await imported()
    expect(await tokens.verify(SECRET, { scopes: ['jobs:read'] })).toMatchObject({ ok: true, token: { id: record.id } })
    await tokens.close()
    expect(await store.findByDigest([digestSecret(SECRET)], shardOf('acme'))).toBeNull()
    expect(await store.findByDigest([digestSecret(SECRET, PEPPER)], shardOf('acme'))).toMatchObject({ id: record.id })
    expect(await tokens.verify(SECRET)).toMatchObject({ ok: true })
    expect(events).toMatchObject([
      { type: 'imported', tokenId: record.id, from: 'old', by: 'ada' },
      { type: 'first_used' },
    ])
  })

  it('is refused like any other, and malformed without its shape: then nobody looks for it', async () => {
    const { tokens, record, calls } = await imported()
    expect(await tokens.verify(UNKNOWN)).toEqual({ ok: false, reason: 'unknown' })
    expect(await tokens.verify(SECRET, { scopes: ['jobs:write'] })).toEqual({ ok: false, reason: 'insufficient_scope' })
    expect(calls).toEqual({ find: 2 })
    for (const text of [OTHER, `old-${'x'.repeat(512)}`])
      expect(await tokens.verify(text)).toEqual({ ok: false, reason: 'malformed' })
    expect(calls).toEqual({ find: 2 })
    await tokens.revoke('acme', record.id)
    expect(await tokens.verify(SECRET)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('is unknown to another API, also if its record is found', async () => {
    const { tokens } = await imported({ prefix: 'other' })
    expect(await tokens.verify(SECRET)).toEqual({ ok: false, reason: 'unknown' })
  })

  it('can be asked about, explained, rotated into ours, and revoked', async () => {
    const { tokens, record } = await imported()
    expect(await tokens.introspect(SECRET, { countsAsUse: true })).toMatchObject({ id: record.id })
    expect(await tokens.explain(SECRET)).toMatchObject({
      accepted: true,
      checks: [{ check: 'shape' }, { check: 'found' }, {}, {}, {}, {}, {}],
    })
    expect(await tokens.explain(UNKNOWN)).toMatchObject({ accepted: false, checks: [{}, { check: 'found' }] })
    const rotated = await tokens.rotateSecret(SECRET)
    expect(rotated).toMatchObject({ secret: expect.stringMatching(/^ot_pat_/), token: { attributes: { team: 'a' } } })
    expect(rotated?.token.attributes).toEqual({ team: 'a' })
    expect(await tokens.rotateSecret(SECRET)).toMatchObject({ secret: rotated?.secret, replayed: true })
    expect(await tokens.revokeSecret(SECRET)).toMatchObject({ token: { id: record.id } })
    expect(await tokens.verify(SECRET)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('seals what its holder asks for, and gets it again', async () => {
    const { tokens, record } = await imported()
    const request = {
      ...{ owner: 'acme', name: 'CI', scopes: ['jobs:read'], actor: { id: record.id } },
      ...{ idempotencyKey: 'a', sealUnder: SECRET },
    }
    const { secret } = await tokens.issue(request)
    expect(await tokens.issue(request)).toMatchObject({ secret, replayed: true })
    await expect(tokens.issue({ ...request, sealUnder: OTHER })).rejects.toMatchObject({ code: 'invalid_parameter' })
  })
})

describe('recordsOf', () => {
  it('takes nothing but what createTokens returned, also copied', async () => {
    const { tokens } = await imported()
    expect(recordsOf({ ...tokens }).prefix).toBe('ot_pat')
    expect(() => recordsOf({})).toThrow(TypeError)
  })
})
