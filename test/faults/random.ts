import { createHash } from 'node:crypto'

/** Choices that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0, smaller than `end`. */
  below(end: number): number
  pick<Item>(items: readonly Item[]): Item
}

export function seededRandom(seed: number): Random {
  let count = 0

  function below(end: number): number {
    count += 1
    const digest = createHash('sha256').update(`${seed}/${count}`).digest()
    return digest.readUInt32BE() % end
  }

  return {
    below,
    pick(items) {
      const [item] = items.slice(below(items.length))
      if (item === undefined) throw new RangeError('there is nothing to pick from')
      return item
    },
  }
}
