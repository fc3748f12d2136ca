import { setImmediate } from 'node:timers/promises'

/** Decides which of so many possibilities comes true. */
export type Choose = (possibilities: number) => number

interface Choice {
  readonly taken: number
  readonly of: number
}

const PLAYS_BETWEEN_BREATHS = 1_000

/**
 * Plays a story again and again until every choice in it was made in every way, depth first. A play must be the same for
 * the same choices.
 *
 * @param play Returns whether to go on.
 * @returns How often it was played.
 */
export async function everyInterleaving(play: (choose: Choose) => Promise<boolean>): Promise<number> {
  let script: readonly Choice[] = []
  for (let plays = 1; ; plays += 1) {
    const { goesOn, choices } = await playBy(script, play)
    const next = followingScript(choices)
    if (!goesOn || next === null) return plays
    script = next
    if (plays % PLAYS_BETWEEN_BREATHS === 0) await setImmediate()
  }
}

async function playBy(
  script: readonly Choice[],
  play: (choose: Choose) => Promise<boolean>,
): Promise<{ goesOn: boolean; choices: readonly Choice[] }> {
  const choices: Choice[] = []
  const goesOn = await play((possibilities) => {
    const scripted = script[choices.length]
    if (scripted !== undefined && scripted.of !== possibilities) throw new Error('a play differs from the one before')
    const choice = scripted ?? { taken: 0, of: possibilities }
    choices.push(choice)
    return choice.taken
  })
  return { goesOn, choices }
}

/** The last choice that can be made in another way is, and those after it are open again. */
function followingScript(choices: readonly Choice[]): readonly Choice[] | null {
  const last = choices.findLastIndex(({ taken, of }) => taken + 1 < of)
  const changed = choices[last]
  return changed === undefined ? null : [...choices.slice(0, last), { ...changed, taken: changed.taken + 1 }]
}
