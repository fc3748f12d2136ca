import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreError } from '../token/errors.ts'
import { deadlineOf } from './operation-deadline.ts'
import type { OperationDeadline } from './operation-deadline.ts'

/** Work that ends on demand. */
function answeredByHand() {
  let answer = (_answer: string): void => {}
  let fail = (_error: Error): void => {}
  const answering = new Promise<string>((resolve, reject) => {
    answer = resolve
    fail = reject
  })
  return { ask: () => answering, answer, fail }
}

describe('deadlineOf', () => {
  let withinDeadline: OperationDeadline

  beforeEach(() => {
    withinDeadline = deadlineOf(1_000)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('resolves with what the work resolves with', async () => {
    expect(await withinDeadline('read', async () => 'answer')).toBe('answer')
  })

  it('rejects with a StoreError when the work takes too long, and not before', async () => {
    const { ask, answer } = answeredByHand()
    const outcomes: unknown[] = []
    const late = withinDeadline('read its changes', ask).catch((error: unknown) => outcomes.push(error))
    await vi.advanceTimersByTimeAsync(999)
    expect(outcomes).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    await late
    expect(outcomes[0]).toBeInstanceOf(StoreError)
    expect(outcomes[0]).toMatchObject({
      code: 'store_unavailable',
      message: 'the token store failed to read its changes: no answer within 1000 ms',
    })
    answer('too late')
    await vi.advanceTimersByTimeAsync(0)
    expect(outcomes).toHaveLength(1)
  })

  it('keeps a StoreError as it is, and makes one of any other failure', async () => {
    const full = new StoreError('insert a token', new Error('OOM'), 'store_full')
    const down = new Error('ECONNREFUSED')
    await expect(withinDeadline('read', () => Promise.reject(full))).rejects.toBe(full)
    await expect(withinDeadline('read', () => Promise.reject(down))).rejects.toMatchObject({
      name: 'StoreError',
      cause: down,
    })
  })

  it('rejects in silence when late work fails after all', async () => {
    const { ask, fail } = answeredByHand()
    const late = withinDeadline('read', ask).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(1_002)
    await late
    fail(new Error('down'))
    await vi.advanceTimersByTimeAsync(0)
    expect(await late).toBeInstanceOf(StoreError)
  })
})
