import type { Wants } from '@tessera/core'

/** Everything that some steps of one owner want. Several steps want no key, and count tokens of the same prefixes. */
export interface Wanted {
  readonly ids: readonly string[]
  readonly key: string | null
  readonly keysAt: number | undefined
  /** The prefixes of the tokens to count, and the instants to count the active ones at. */
  readonly prefixes: readonly string[]
  readonly instants: readonly number[]
}

export function wantedBy(steps: readonly { readonly wants: Wants }[]): Wanted {
  const [ids, instants] = [new Set<string>(), new Set<number>()]
  for (const { wants } of steps) {
    for (const id of wants.ids) ids.add(id)
    if (wants.active !== undefined) instants.add(wants.active.at)
  }
  const first = steps[0]?.wants
  return {
    ids: [...ids],
    key: first?.key ?? null,
    keysAt: first?.keysAt,
    prefixes: first?.active?.prefixes ?? [],
    instants: [...instants],
  }
}
