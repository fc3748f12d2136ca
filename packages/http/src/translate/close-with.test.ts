import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { closeWith } from './close-with.ts'

const openWatch = () => ({ signal: new AbortController().signal, close: vi.fn<() => void>() })
const responseOf = (facts: { readonly closed: boolean; readonly destroyed: boolean }) =>
  Object.assign(new EventEmitter(), facts)

describe('closeWith', () => {
  it('closes a watch once the response is closed, and not before', () => {
    const [watch, response] = [openWatch(), responseOf({ closed: false, destroyed: false })]
    expect(closeWith(watch, response as never)).toBe(watch)
    expect(watch.close).not.toHaveBeenCalled()
    response.emit('close')
    expect(watch.close).toHaveBeenCalledOnce()
  })

  it.each([
    { closed: true, destroyed: false },
    { closed: false, destroyed: true },
  ])('closes it at once if nobody hears the response any more: %j', (facts) => {
    const watch = openWatch()
    closeWith(watch, responseOf(facts) as never)
    expect(watch.close).toHaveBeenCalledOnce()
  })
})
