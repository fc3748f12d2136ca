import { allocationOf } from './allocation.ts'
import type { Group, Row } from './group.ts'
import { spreadOf } from './spread.ts'
import type { Spread } from './spread.ts'

export interface Settings {
  /** How often each row is measured. */
  readonly rounds: number
  /** About how long one round of one row takes. */
  readonly roundMs: number
  /** At least how long a row runs before it is measured. */
  readonly warmUpMs: number
  /** The clock, in milliseconds. */
  readonly now: () => number
}

export interface MeasuredRow {
  readonly name: string
  /** To the base in the same round; of the base itself null. */
  readonly ratio: Spread | null
  readonly target: { readonly text: string; readonly reached: boolean } | null
  readonly microsecondsPerOperation: number
  readonly bytesPerOperation: number | null
  readonly note: string | null
}

export interface MeasuredGroup {
  readonly name: string
  readonly compares: Group['compares']
  readonly rows: readonly MeasuredRow[]
}

export const CONTROL = 'the same again (A/A control)'

/**
 * Measures the rows of a group in rounds: each round runs each row once, in an order that rotates, and a row's ratio is
 * that to the base in the same round. The base is there twice; what the second differs by is noise.
 */
export async function measure(group: Group, settings: Settings): Promise<MeasuredGroup> {
  const { base, compares } = group
  const contenders: { row: Row; times: number; ms: number[] }[] = []
  for (const row of [
    base,
    { name: CONTROL, run: base.run, ...(base.prepare && { prepare: base.prepare }) },
    ...group.rows,
  ]) {
    contenders.push({ row, times: await warmUp(row, settings), ms: [] })
  }
  for (let round = 0; round < settings.rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length]
      contender?.ms.push((await timeOf(contender.row, contender.times, settings.now)) / contender.times)
    }
  }
  const [first] = contenders
  const rows: MeasuredRow[] = []
  for (const { row, ms } of contenders) {
    const ratios = ms.map((own, round) => {
      const ofBase = first?.ms[round] ?? Number.NaN
      return compares === 'time' ? own / ofBase : ofBase / own
    })
    const ratio = row === base ? null : spreadOf(ratios)
    const { name, target, note = null } = row
    rows.push({
      name,
      ratio,
      target: target && ratio ? { text: target.text, reached: target.isReached(ratio.median) } : null,
      microsecondsPerOperation: spreadOf(ms).median * 1_000,
      bytesPerOperation: group.allocation === true ? await allocationOf(row.run) : null,
      note,
    })
  }
  return { name: group.name, compares, rows }
}

/** Runs a row until it is warm, and tells how many times it is done in one round. */
async function warmUp(row: Row, { now, roundMs, warmUpMs }: Settings): Promise<number> {
  let spentMs = 0
  for (let times = 1; ; times *= 2) {
    const ms = await timeOf(row, times, now)
    spentMs += ms
    if (spentMs >= warmUpMs && ms > 0) return Math.max(1, Math.round((times * roundMs) / ms))
  }
}

/** A few times off the clock first: what the row before left in caches and for the collector is not this one's. */
async function timeOf({ run, prepare }: Row, times: number, now: () => number): Promise<number> {
  const before = Math.ceil(times / 8)
  await prepare?.(before + times)
  await run(before)
  const startedAt = now()
  await run(times)
  return now() - startedAt
}
