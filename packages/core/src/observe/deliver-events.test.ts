import { describe, expect, it, vi } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: [] }

describe('createDelivery', () => {
  it('calls the hook after whoever waits for the answer has got it', async () => {
    const order: string[] = []
    const { tokens } = openTokens({ onEvent: () => order.push('event') })
    await tokens.issue(REQUEST)
    order.push('answer')
    await tokens.close()
    expect(order).toEqual(['answer', 'event'])
  })

  it.each<[string, () => unknown, unknown]>([
    [
      'throws',
      () => {
        throw new Error('the disk is full')
      },
      new Error('the disk is full'),
    ],
    ['rejects', () => Promise.reject(new Error('the disk is full')), new Error('the disk is full')],
    [
      'throws what is no error',
      () => AbortSignal.abort('full').throwIfAborted(),
      new Error('createTokens: option "onEvent" threw'),
    ],
  ])('changes no answer where the hook %s, and reports it', async (_, onEvent, error) => {
    const errors: Error[] = []
    const { tokens } = openTokens({ onEvent, onError: (each) => errors.push(each) })
    const { secret, token } = await tokens.issue(REQUEST)
    expect(await tokens.verify(secret)).toEqual({ ok: true, token })
    expect(await tokens.verify('x')).toEqual({ ok: false, reason: 'malformed' })
    expect(await tokens.revoke('acme', token.id)).toMatchObject({ token: { status: 'revoked' } })
    await tokens.close()
    expect(errors).toEqual([error, error, error, error])
  })

  it('outlives an onError that throws as well', async () => {
    const fail = () => {
      throw new Error('full')
    }
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const { tokens } = openTokens({ onEvent: fail, onError: fail })
    await tokens.issue(REQUEST)
    await tokens.close()
    expect(warn.mock.calls).toEqual([[new Error('full')]])
    warn.mockRestore()
  })

  it('waits for a slow hook with no answer, and with no other event', async () => {
    const begun: string[] = []
    const { tokens } = openTokens({
      onEvent({ type }) {
        begun.push(type)
        return new Promise(() => {})
      },
    })
    const { token } = await tokens.issue(REQUEST)
    await tokens.revoke('acme', token.id)
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual(['issued', 'revoked'])
  })

  it('is done when the hook is: close waits for it, also when the last uses could not be written', async () => {
    const written: string[] = []
    const { tokens, watched, clock } = openTokens({
      async onEvent({ type }) {
        await new Promise((resolve) => setImmediate(resolve))
        written.push(type)
      },
    })
    const { secret } = await tokens.issue(REQUEST)
    for (clock.now of [NOW, NOW + 1]) await tokens.verify(secret)
    watched.failure = new Error('down')
    await expect(tokens.close()).rejects.toMatchObject({ name: 'StoreError' })
    expect(written).toEqual(['issued', 'first_used'])
  })

  it('gives the hook the events of its own work, after that', async () => {
    const published: string[] = []
    const { tokens } = openTokens({
      async onEvent(event) {
        published.push(event.type)
        if (event.type === 'issued') await tokens.revoke(event.owner, event.tokenId)
      },
    })
    await tokens.issue(REQUEST)
    await tokens.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect(published).toEqual(['issued', 'revoked'])
  })
})
