import { setTimeout as wait } from 'node:timers/promises'
import type { RedisServer } from '../redis/index.ts'
import type { Scene } from './rounds.ts'

/** Stops processes in their tracks, one after the other, with their connections and readings as they are. */
export async function freezeProcesses({ fleet, random }: Scene): Promise<void> {
  for (let count = 0; count < 6; count += 1) {
    const { pid } = random.pick(fleet.members)
    process.kill(pid, 'SIGSTOP')
    try {
      await wait(100 + random.below(600))
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await wait(random.below(100))
  }
}

/** Makes what Redis answers one process late, by times below and above the store's deadline in turn. */
export async function delayAnswers({ fleet, random }: Scene): Promise<void> {
  const { proxy } = random.pick(fleet.members)
  for (const leastMs of [0, 1_000, 0, 1_000]) {
    proxy.delay(leastMs + random.below(1_001))
    await wait(500)
  }
  proxy.delay(0)
  // Answers keep their order: the fault lasts until those delayed last are there.
  await wait(2_000)
}

/** Keeps what Redis answers one process for 3 s, and delivers it then. */
export async function holdAnswers({ fleet, random }: Scene): Promise<void> {
  const { proxy } = random.pick(fleet.members)
  proxy.hold()
  await wait(3_000)
  proxy.release()
}

/** Ends Redis as `kill -9` does, and starts it again with what it had written. */
export async function killRedis({ random }: Scene, redis: RedisServer): Promise<void> {
  await wait(random.below(100))
  await redis.kill()
  await wait(random.below(2_000))
  await redis.restart()
}
