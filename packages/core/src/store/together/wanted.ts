import type { Wants } from '../../steps/decision/decision.ts'

/** Everything that some steps of one owner want. They want one key at most, and count tokens of the same prefixes. */
export interface Wanted {
  readonly ids: readonly string[]
  readonly key: string | null
  /** The instants to count the keys at. */
  readonly keysAt: readonly number[]
  /** The prefixes of the tokens to count, and the instants to count the active ones at. */
  readonly prefixes: readonly string[]
  readonly instants: readonly number[]
}

export function wantedBy(steps: readonly { readonly wants: Wants }[]): Wanted {
  const ids = new Set<string>()
  const [keysAt, instants] = [new Set<number>(), new Set<number>()]
  for (const { wants } of steps) {
    for (const id of wants.ids) ids.add(id)
    if (wants.keysAt !== undefined) keysAt.add(wants.keysAt)
    if (wants.active !== undefined) instants.add(wants.active.at)
  }
  return {
    ids: [...ids],
    key: steps.find(({ wants }) => wants.key !== null)?.wants.key ?? null,
    keysAt: [...keysAt],
    prefixes: steps.find(({ wants }) => wants.active !== undefined)?.wants.active?.prefixes ?? [],
    instants: [...instants],
  }
}
