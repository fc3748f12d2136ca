import { setTimeout as wait } from 'node:timers/promises'

/** Asks again and again until the answer is yes, for what tells nobody when it has happened. */
export async function until(isSo: () => Promise<boolean>, { everyMs = 20, atMostMs = 40_000 } = {}): Promise<void> {
  const giveUpAt = performance.now() + atMostMs
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`it was not so within ${atMostMs} ms`)
    await wait(everyMs)
  }
}
