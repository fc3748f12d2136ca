import { describe, expect, it, vi } from 'vitest'
import { StoreError } from '../token/errors.ts'
import { callHook } from './call-hook.ts'
import { warn } from './warn.ts'

let hours = 0

/** The messages of all warnings meanwhile, at an hour of their own. */
function warnings(run: () => void): string[] {
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.advanceTimersByTime((hours += 1) * 3_600_000)
  const emitted = vi.spyOn(process, 'emitWarning').mockReturnValue()
  run()
  vi.useRealTimers()
  const messages = emitted.mock.calls.map(([error]) => (error as Error).message)
  emitted.mockRestore()
  return messages
}

describe('warn', () => {
  it('warns of an outage once a second, and of each other kind too', () => {
    const outage = (cause: string) => warn(new StoreError('find a token', new Error(cause)))
    const warned = warnings(() => {
      for (let request = 0; request < 1_000; request += 1) outage(`request ${request}`)
      warn(new StoreError('prune', new Error('ahead'), 'clock_skew'))
      warn(new Error('the log is full'))
      vi.advanceTimersByTime(999)
      outage('still')
      vi.advanceTimersByTime(1)
      outage('and still')
    })
    const failed = 'the token store failed to'
    expect(warned).toEqual([
      `${failed} find a token: request 0`,
      `${failed} prune: ahead`,
      'the log is full',
      `${failed} find a token: and still`,
    ])
  })

  it('keeps a bounded number of kinds', () => {
    const warned = warnings(() => {
      for (let kind = 0; kind < 1_000; kind += 1) warn(new Error(`kind ${'x'.repeat(kind)}`))
      for (let port = 0; port < 1_000; port += 1) warn(new TypeError(`port ${port}`))
    })
    expect(warned.length).toBeLessThanOrEqual(101)
  })
})

describe('callHook', () => {
  const ways = {
    throws: (message: string) => AbortSignal.abort(new Error(message)).throwIfAborted(),
    rejects: (message: string) => Promise.reject(new Error(message)),
  }

  it.each(Object.entries(ways))('ends no process if both the hook and onError %s', async (way, fail) => {
    const emitted = vi.spyOn(process, 'emitWarning').mockReturnValue()
    callHook(
      'option "onRefusal"',
      () => fail(`hook ${way}`),
      () => fail(`onError ${way}`),
    )
    // Other files of this process may warn of their own.
    await vi.waitFor(() => expect(emitted).toHaveBeenCalledWith(new Error(`onError ${way}`)))
    emitted.mockRestore()
  })
})
