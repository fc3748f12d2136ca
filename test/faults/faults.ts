import { setTimeout as wait } from 'node:timers/promises'
import type { Proxy } from '../support/servers/index.ts'
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

/** Kills processes, one after the other, and starts them again. What they had begun may be done, or announced, or neither. */
export async function killProcesses({ fleet, random }: Scene): Promise<void> {
  for (let count = 0; count < 4; count += 1) {
    await wait(random.below(200))
    await random.pick(fleet.members).killAndRestart()
  }
}

/** Loses all that goes between one process and the store, and tells neither. */
export async function isolate({ fleet, random }: Scene): Promise<void> {
  const { proxy } = random.pick(fleet.members)
  proxy.vanish()
  await wait(500 + random.below(2_500))
  proxy.reappear()
}

/** Makes what the store answers one process late, by times below and above the store's deadline in turn. */
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

/** Keeps what the store answers one process for 3 s, and delivers it then. */
export async function holdAnswers({ fleet, random }: Scene): Promise<void> {
  const { proxy } = random.pick(fleet.members)
  proxy.hold()
  await wait(3_000)
  proxy.release()
}

/** Ends the server of the store as `kill -9` does, and starts it again with what it had written. */
export async function killServer(
  { random }: Scene,
  server: { kill(): Promise<void>; restart(): Promise<void> },
): Promise<void> {
  await wait(random.below(100))
  await server.kill()
  await wait(random.below(2_000))
  await server.restart()
}

/** Stops the server of the store in its tracks, for a time below or above the store's deadline. */
export async function freezeServer({ random }: Scene, server: { freeze(): unknown; thaw(): void }): Promise<void> {
  await server.freeze()
  try {
    await wait(300 + random.below(1_500))
  } finally {
    server.thaw()
  }
}

/** Cuts the connections of all processes again and again, each in the middle of an answer. */
export async function cutAnswers({ fleet, random }: Scene): Promise<void> {
  for (let count = 0; count < 20; count += 1) {
    for (const { proxy } of fleet.members) proxy.cutAfter(random.below(400))
    await wait(50 + random.below(100))
  }
}

/** Connects one process to another server for a while, as an address that names a standby for a moment does. */
export async function visit({ fleet, random }: Scene, port: number, home: number): Promise<void> {
  const { proxy } = random.pick(fleet.members)
  await move(proxy, port)
  await wait(1_000)
  await move(proxy, home)
}

async function move(proxy: Proxy, port: number): Promise<void> {
  proxy.retarget(port)
  proxy.vanish()
  proxy.reappear()
}
