import { openLane } from '../support/four-apis/lane.ts'
import { createPlayer } from './rounds.ts'
import type { Scene } from './rounds.ts'

const TOKENS = 50
const LANES = 4

/** Uses active tokens in every process without a pause, while `work` is done. */
export async function underLoad<Result>(scene: Scene, work: () => Promise<Result>): Promise<Result> {
  const { fleet, tally, random } = scene
  const end = new AbortController()
  const player = createPlayer(scene)
  const tokens = await Promise.all(Array.from({ length: TOKENS }, () => player.prepare()))
  player.close()

  const lanes = fleet.members.flatMap((member) =>
    Array.from({ length: LANES }, () => [member, openLane(member.url)] as const),
  )
  const loading = Promise.all(
    lanes.map(async ([{ api, name }, lane]) => {
      while (!end.signal.aborted) {
        const { secret } = random.pick(tokens)
        const sentAt = performance.now()
        const { status } = await lane.send(api.request('GET', api.facts.protected, { secret }))
        tally.countActive({ at: name, sentAt, status })
      }
      lane.close()
    }),
  )
  try {
    return await work()
  } finally {
    end.abort()
    await loading
  }
}
