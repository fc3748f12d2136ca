import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { seen } from '../../testing/seen.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'], attributes: { team: 'core' }, createdBy: 'ada' }
const DAY = 24 * 60 * 60 * 1000

describe('rotateToken', () => {
  it('issues a successor with what the old token has, which is accepted beside it for a day', async () => {
    const { tokens, clock } = openTokens()
    const old = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 9 * DAY) })
    clock.now = NOW + 5
    const { token, secret, replayed } = await tokens.rotate('acme', old.token.id)
    const overlapEndsAt = new Date(NOW + 5 + DAY)
    const since = { createdAt: new Date(NOW + 5), updatedAt: new Date(NOW + 5) }
    const { id, preview } = token
    expect(token).toEqual({ ...old.token, id, preview, ...since, rotatedFrom: old.token.id, overlapEndsAt })
    expect([id === old.token.id, secret === old.secret, replayed]).toEqual([false, false, false])
    expect(await tokens.get('acme', old.token.id)).toMatchObject({ status: 'active', rotatedTo: id, overlapEndsAt })
    clock.now = NOW + 4 + DAY
    expect(await tokens.verify(old.secret)).toMatchObject({ ok: true })
    clock.now = NOW + 5 + DAY
    expect(await tokens.verify(old.secret)).toEqual({ ok: false, reason: 'revoked' })
    const ended = { status: 'revoked', revokedAt: overlapEndsAt, revokedReason: 'rotated' }
    expect(await tokens.get('acme', old.token.id)).toMatchObject(ended)
  })

  it('names who got the new secret, so that both end with their persons', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const { token: next } = await tokens.rotate('acme', token.id, { createdBy: 'ben' })
    const again = await tokens.rotate('acme', next.id, { createdBy: null })
    expect([next.createdBy, again.token.createdBy]).toEqual(['ben', 'ben'])
    expect(await tokens.revokeAll('acme', { createdBy: 'ada' })).toMatchObject({ revoked: 1 })
    await tokens.revokeAll('acme', { createdBy: 'ben' })
    expect(await tokens.verify(again.secret)).toMatchObject({ reason: 'revoked' })
    const wrong = { createdBy: 'b\nen' }
    await expect(tokens.rotate('acme', token.id, wrong)).rejects.toMatchObject({ details: { parameter: 'createdBy' } })
  })

  it('ends the time of the old token with the first use of the successor', async () => {
    const { tokens, clock } = openTokens()
    const old = await tokens.issue(REQUEST)
    const { secret } = await tokens.rotate('acme', old.token.id)
    expect(await tokens.verify(old.secret)).toMatchObject({ ok: true })
    clock.now = NOW + 5
    expect(await tokens.verify(secret)).toMatchObject({ ok: true, token: { overlapEndsAt: null } })
    expect(await tokens.verify(old.secret)).toEqual({ ok: false, reason: 'revoked' })
    const ended = { revokedAt: new Date(NOW + 5), revokedReason: 'rotated' }
    expect(await tokens.get('acme', old.token.id)).toMatchObject(ended)
  })

  it('works at the limit of active tokens, and takes no place of its own', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    const { token } = await tokens.issue(REQUEST)
    await tokens.rotate('acme', token.id)
    await expect(tokens.issue(REQUEST)).rejects.toMatchObject({ code: 'active_limit_reached', details: { active: 1 } })
  })

  it('refuses the old token at once with an overlap of 0', async () => {
    const { tokens } = openTokens()
    const old = await tokens.issue(REQUEST)
    const { token } = await tokens.rotate('acme', old.token.id, { overlapMs: 0 })
    expect(token.overlapEndsAt).toBeNull()
    expect(await tokens.verify(old.secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it.each([-1, 0.5, 30 * DAY + 1, Number.NaN, '5', null])('refuses an overlap of %s', async (overlapMs) => {
    const { tokens, watched } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    watched.calls.length = 0
    const wrong = { overlapMs: overlapMs as number }
    const refused = { code: 'invalid_parameter', details: { parameter: 'overlapMs' } }
    await expect(tokens.rotate('acme', token.id, wrong)).rejects.toMatchObject(refused)
    await expect(tokens.rotateSecret(secret, wrong)).rejects.toMatchObject(refused)
    expect(watched.calls).toEqual([])
  })

  it('gives a token one successor that counts, however many rotate it at once', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    const { token, secret } = await tokens.issue(REQUEST)
    const answers = await Promise.all(Array.from({ length: 20 }, () => tokens.rotate('acme', token.id)))
    const { rotatedTo } = (await tokens.get('acme', token.id)) ?? {}
    for (const answer of answers) {
      const accepted = (await tokens.introspect(answer.secret)) !== null
      expect(accepted).toBe(answer.token.id === rotatedTo)
    }
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('gives another successor if the answer was lost, and leaves the old token until that is used', async () => {
    const { tokens, clock } = openTokens()
    const old = await tokens.issue(REQUEST)
    const lost = await tokens.rotate('acme', old.token.id)
    clock.now = NOW + 5
    const { token, secret } = await tokens.rotate('acme', old.token.id, { overlapMs: 30 * DAY })
    expect(token).toMatchObject({ rotatedFrom: old.token.id, overlapEndsAt: new Date(NOW + DAY) })
    expect(await tokens.verify(lost.secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(await tokens.verify(old.secret)).toMatchObject({ ok: true })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    expect(await tokens.verify(old.secret)).toEqual({ ok: false, reason: 'revoked' })
    await expect(tokens.rotate('acme', old.token.id)).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('gives another successor if the unused one was revoked', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    const { token } = await tokens.issue(REQUEST)
    const first = await tokens.rotate('acme', token.id)
    await tokens.revoke('acme', first.token.id)
    const { secret } = await tokens.rotate('acme', token.id)
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  })

  it('counts another successor if others have taken the place of the former one', async () => {
    const { tokens } = openTokens({ activeLimit: 1 })
    const { token } = await tokens.issue(REQUEST)
    const first = await tokens.rotate('acme', token.id)
    await tokens.revoke('acme', first.token.id)
    const other = await tokens.issue(REQUEST)
    const full = { code: 'active_limit_reached', details: { limit: 1, active: 1 } }
    await expect(tokens.rotate('acme', token.id)).rejects.toMatchObject(full)
    await tokens.revoke('acme', other.token.id)
    await expect(tokens.rotate('acme', token.id)).resolves.toMatchObject({ replayed: false })
  })

  it('leaves the running client alone if a successor is rotated before its first use', async () => {
    for (const used of ['second', 'third'] as const) {
      const { tokens } = openTokens()
      const first = await tokens.issue(REQUEST)
      const second = await tokens.rotate('acme', first.token.id)
      const third = await tokens.rotate('acme', second.token.id)
      expect(await tokens.verify(first.secret)).toMatchObject({ ok: true })
      await tokens.verify(used === 'second' ? second.secret : third.secret)
      const accepted = [first, second, third].map(async ({ secret }) => (await tokens.introspect(secret)) !== null)
      expect(await Promise.all(accepted)).toEqual([false, used === 'second', true])
      expect((await tokens.verify(third.secret)).ok).toBe(true)
      expect((await tokens.verify(second.secret)).ok).toBe(false)
    }
  })

  it('ends the time of no predecessor with a successor that was revoked at the same moment', async () => {
    const { tokens, watched } = openTokens()
    const old = await tokens.issue(REQUEST)
    const { secret, token } = await tokens.rotate('acme', old.token.id)
    const raced = openTokens({
      store: {
        ...watched.store,
        async findByDigest(digests, shard) {
          const record = await watched.store.findByDigest(digests, shard)
          await tokens.revoke('acme', token.id)
          return record
        },
      },
    })
    expect(await raced.tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(await tokens.verify(old.secret)).toMatchObject({ ok: true })
  })

  it('refuses a leaked token at once, and the unused successor that its finder made', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const stolen = await tokens.rotateSecret(secret, { overlapMs: 30 * DAY })
    const rescued = await tokens.rotate('acme', token.id, { reason: 'leaked' })
    for (const known of [secret, stolen?.secret])
      expect(await tokens.verify(known)).toEqual({ ok: false, reason: 'revoked' })
    expect(await tokens.get('acme', token.id)).toMatchObject({ revokedReason: 'leaked', revokedAt: new Date(NOW) })
    expect(await tokens.verify(rescued.secret)).toMatchObject({ ok: true })
  })

  it('refuses an overlap for a leaked token, and any other reason', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const overlap = { reason: 'leaked', overlapMs: 1 } as const
    const wrong = { reason: 'requested' as 'leaked' }
    for (const [options, parameter] of [[overlap, 'overlapMs'] as const, [wrong, 'reason'] as const]) {
      const refused = { code: 'invalid_parameter', details: { parameter } }
      await expect(tokens.rotate('acme', token.id, options)).rejects.toMatchObject(refused)
      await expect(tokens.rotateSecret(secret, options)).rejects.toMatchObject(refused)
    }
  })

  it('changes nothing if the successor could do more than the caller at that instant', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, networks: ['10.0.0.0/8'] })
    for (const [ceiling, code] of [
      [{ scopeCeiling: [] }, 'insufficient_scope'],
      [{ networkCeiling: ['10.1.0.0/16'] }, 'beyond_ceiling'],
      [{ expiryCeiling: new Date(NOW + DAY) }, 'beyond_ceiling'],
      [{ expiryCeiling: new Date(Number.NaN) }, 'invalid_parameter'],
    ] as const) {
      await expect(tokens.rotate('acme', token.id, ceiling)).rejects.toMatchObject({ code })
      expect(await tokens.get('acme', token.id)).toEqual(token)
    }
  })

  it('refuses a token that is not active, and answers an unknown one and another owner’s alike', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    await expect(tokens.rotate('acme', token.id)).rejects.toMatchObject({ code: 'invalid_transition', details: {} })
    const unknown = await tokens.rotate('acme', crypto.randomUUID()).catch((error: unknown) => error)
    const foreign = await tokens.rotate('other', token.id).catch((error: unknown) => error)
    expect(unknown).toMatchObject({ code: 'token_not_found' })
    expect(foreign).toEqual(unknown)
    await expect(tokens.rotate('acme', 'ot_pat_x')).rejects.toEqual(unknown)
  })

  it('has one effect under a key, and replays it without the secret', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const options = { idempotencyKey: 'rotate-1' }
    const first = await tokens.rotate('acme', token.id, options)
    clock.now = NOW + 5
    if (first.secret !== null) await tokens.verify(first.secret)
    const replay = { token: first.token, secret: null, replayed: true }
    expect(await tokens.rotate('acme', token.id, options)).toEqual(replay)
    const conflict = { code: 'idempotency_conflict' }
    await expect(tokens.rotate('acme', token.id, { ...options, overlapMs: 5 })).rejects.toMatchObject(conflict)
    await expect(tokens.rotate('acme', first.token.id, options)).rejects.toMatchObject(conflict)
    await expect(tokens.issue({ ...REQUEST, ...options })).rejects.toMatchObject(conflict)
  })
})

describe('rotateSecret', () => {
  it('rotates the token whose secret it is, and gives the same successor while the old one is accepted', async () => {
    const { tokens, clock } = openTokens()
    const old = await tokens.issue(REQUEST)
    const first = await tokens.rotateSecret(old.secret)
    expect(first).toMatchObject({ token: { rotatedFrom: old.token.id }, replayed: false })
    clock.now = NOW + DAY - 1
    expect(await tokens.rotateSecret(old.secret)).toEqual({ ...first, replayed: true })
    expect((await tokens.list('acme')).total).toBe(2)
    clock.now = NOW + DAY
    expect(await tokens.rotateSecret(old.secret)).toBeNull()
  })

  it('gives 20 who rotate at the same time one and the same secret', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const answers = await Promise.all(Array.from({ length: 20 }, () => tokens.rotateSecret(secret)))
    expect(new Set(answers.map((answer) => answer?.secret)).size).toBe(1)
    expect(answers.filter((answer) => answer?.replayed === false)).toHaveLength(1)
  })

  it('gives the new secret to nobody but the holder of the old one', async () => {
    const { tokens, watched } = openTokens()
    const old = await tokens.issue(REQUEST)
    const rotated = await tokens.rotateSecret(old.secret)
    const kept = await watched.store.find('acme', old.token.id)
    expect(kept?.sealedSuccessor).toMatch(/^v1\./)
    expect(JSON.stringify(watched.calls)).not.toContain(rotated?.secret)
    expect(JSON.stringify(await tokens.list('acme'))).not.toContain(kept?.sealedSuccessor)
    await tokens.verify(rotated?.secret)
    expect(await watched.store.find('acme', old.token.id)).toMatchObject({ sealedSuccessor: null })
    expect(await tokens.rotateSecret(old.secret)).toBeNull()
  })

  it('cannot hand out what another rotation did not seal for it', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const { token: successor } = await tokens.rotate('acme', token.id)
    await expect(tokens.rotateSecret(secret)).rejects.toMatchObject({
      code: 'invalid_transition',
      details: { rotatedTo: successor.id },
    })
  })

  it('says no more of a successor that ended, under a key or with the secret', async () => {
    for (const end of ['revoke', 'suspend'] as const) {
      const { tokens } = openTokens()
      const { token, secret } = await tokens.issue(REQUEST)
      const keyed = { idempotencyKey: 'rotate-1' }
      const first = await tokens.rotateSecret(secret, keyed)
      await tokens[end]('acme', first?.token.id ?? '')
      const refused = { code: 'invalid_transition', details: { rotatedTo: first?.token.id } }
      await expect(tokens.rotateSecret(secret, keyed)).rejects.toMatchObject(refused)
      await expect(tokens.rotate('acme', token.id, keyed)).rejects.toMatchObject(refused)
      if (end === 'suspend') await expect(tokens.rotateSecret(secret)).rejects.toMatchObject(refused)
      else {
        const another = await tokens.rotateSecret(secret)
        expect(another).toMatchObject({ replayed: false })
        expect(await tokens.rotateSecret(secret)).toEqual({ ...another, replayed: true })
        expect(await tokens.verify(another?.secret ?? '')).toMatchObject({ ok: true })
      }
    }
  })

  it('rejects when the store finds the token by its digest and not by its id', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const halved = openTokens({
      store: { ...watched.store, change: async (_owner, _wants, decide) => decide(seen()).answer },
    })
    await expect(halved.tokens.rotateSecret(secret)).rejects.toMatchObject({ name: 'StoreError' })
  })

  it('answers null for a secret that is not of an active token', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    for (const text of [secret, generateSecret('ot_pat', shardOf('acme')), '', 'ot_pat_x', undefined]) {
      expect(await tokens.rotateSecret(text as string)).toBeNull()
    }
    expect((await tokens.list('acme')).total).toBe(1)
  })

  it('has one effect under a key, which it shares with a rotation by the owner', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const options = { idempotencyKey: 'rotate-1' }
    const first = await tokens.rotateSecret(secret, options)
    const replay = { token: first?.token, secret: null, replayed: true }
    expect(first).toMatchObject({ replayed: false })
    expect(await tokens.rotateSecret(secret, options)).toEqual(replay)
    expect(await tokens.rotate('acme', token.id, options)).toEqual(replay)
    expect(await tokens.rotateSecret(secret)).toEqual({ ...first, replayed: true })
    const conflict = { code: 'idempotency_conflict' }
    await expect(tokens.rotateSecret(secret, { ...options, overlapMs: 5 })).rejects.toMatchObject(conflict)
    await expect(tokens.issue({ ...REQUEST, ...options })).rejects.toMatchObject(conflict)
  })

  it('refuses a malformed key, whatever the secret', async () => {
    const { tokens } = openTokens()
    const refused = { code: 'invalid_parameter', details: { parameter: 'idempotencyKey' } }
    await expect(tokens.rotateSecret('ot_pat_x', { idempotencyKey: '' })).rejects.toMatchObject(refused)
  })
})
