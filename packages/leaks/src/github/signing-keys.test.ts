import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { startGitHub } from '../../testing/github.ts'
import type { GitHub } from '../../testing/github.ts'
import { createSigningKeys } from './signing-keys.ts'

const MINUTE_MS = 60_000
const unavailable = expect.objectContaining({ name: 'Problem', code: 'unavailable' })

function keysOf({ keysUrl: url }: GitHub) {
  const clock = { now: 1_800_000_000_000 }
  const failures: string[] = []
  const onFailure = ({ message }: Error) => void failures.push(message)
  const find = createSigningKeys({ url, fetch, now: () => clock.now, onFailure })
  const wait = (minutes: number) => void (clock.now += minutes * MINUTE_MS)
  return { find, failures, wait }
}

describe('createSigningKeys', () => {
  it('fetches the list once for all who wait, and once an hour', async () => {
    await using github = await startGitHub()
    const { find, wait } = keysOf(github)
    const found = await Promise.all(Array.from({ length: 20 }, () => find('key-0')))
    expect(found.every((key) => key?.asymmetricKeyType === 'ec')).toBe(true)
    wait(59)
    await find('key-0')
    expect(github.asked()).toBe(1)
    wait(1)
    await find('key-0')
    expect(github.asked()).toBe(2)
  })

  it('fetches it again for an unknown identifier, unless it was complete a moment ago', async () => {
    await using github = await startGitHub()
    const { find, wait } = keysOf(github)
    expect(await find('nobody')).toBeNull()
    github.rotate()
    for (const identifier of ['key-1', 'other', '__proto__']) expect(await find(identifier)).toBeNull()
    expect(github.asked()).toBe(1)
    wait(0.5)
    expect(await find('key-1')).not.toBeNull()
    expect(github.asked()).toBe(2)
  })

  it('fetches for unknown identifiers a few times at once, and then every five minutes', async () => {
    await using github = await startGitHub()
    const { find, wait } = keysOf(github)
    await find('key-0')
    for (let half = 0; half < 59; half += 1) {
      wait(0.5)
      expect(await find('nobody')).toBeNull()
    }
    expect(github.asked()).toBe(1 + 5 + 5)
  })

  it('knows nothing of an unknown identifier while the list cannot be had, and asks for it no oftener', async () => {
    await using github = await startGitHub()
    const { find, wait } = keysOf(github)
    await find('key-0')
    github.answer.status = 500
    wait(1)
    for (let count = 0; count < 5; count += 1) await expect(find('nobody')).rejects.toEqual(unavailable)
    expect(github.asked()).toBe(2)
  })

  it('keeps known keys for a day while the list cannot be had, and reports each failure', async () => {
    await using github = await startGitHub()
    const { find, failures, wait } = keysOf(github)
    await find('key-0')
    github.answer.status = 403
    wait(60)
    expect(await find('key-0')).not.toBeNull()
    expect(failures).toEqual([`GitHub's keys could not be fetched from ${github.keysUrl}: status 403`])
    wait(23 * 60)
    await expect(find('key-0')).rejects.toEqual(unavailable)
    github.answer.status = 200
    wait(1)
    expect(await find('key-0')).not.toBeNull()
  })

  it.each([
    ['no JSON', '<html>'],
    ['another document', '{"public_keys":{}}'],
    ['keys of another kind', '{"public_keys":[{"key_identifier":"key-0","key":"PEM"},null]}'],
    ['a list without an end', ' '.repeat(200_000)],
  ])('takes no key from %s', async (_, body) => {
    await using github = await startGitHub()
    github.answer.body = body
    const { find, failures } = keysOf(github)
    await expect(find('key-0')).rejects.toEqual(unavailable)
    expect(failures).toHaveLength(1)
  })

  it('gives up a fetch that never ends, and tries again after the pause', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const failures: string[] = []
    const clock = { now: 0 }
    const onFailure = ({ message }: Error) => void failures.push(message)
    const forever = vi.fn<typeof fetch>(() => new Promise<never>(() => {}))
    const find = createSigningKeys({ url: 'https://acme.test', fetch: forever, now: () => clock.now, onFailure })
    const waiting = Promise.allSettled([find('key-0'), find('key-0')])
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await waiting).toMatchObject([{ reason: unavailable }, { reason: unavailable }])
    expect(failures).toEqual(["GitHub's keys could not be fetched from https://acme.test: no answer"])
    clock.now += MINUTE_MS
    void find('key-0').catch(() => {})
    expect(forever).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(6_000)
  })

  it('takes no key of another curve', async () => {
    await using github = await startGitHub('P-384')
    await expect(keysOf(github).find('key-0')).rejects.toEqual(unavailable)
  })
})
