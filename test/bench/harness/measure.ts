import { allocationOf } from './allocation.ts'
import { cpuBetween, totalOf } from './cpu.ts'
import type { CpuTimes } from './cpu.ts'
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

/** The processor time of an operation, and how many times that of the base it is. */
export interface CpuFigure {
  readonly ratio: Spread | null
  readonly microsecondsPerOperation: number
}

export interface MeasuredCpu extends CpuFigure {
  /** By their names. */
  readonly parts: Readonly<Record<string, CpuFigure>>
}

export interface MeasuredRow {
  readonly name: string
  /** To the base in the same round; of the base itself null. */
  readonly ratio: Spread | null
  readonly target: { readonly text: string; readonly reached: boolean } | null
  readonly microsecondsPerOperation: number
  readonly bytesPerOperation: number | null
  /** Where it is measured. */
  readonly cpu: MeasuredCpu | null
  readonly note: string | null
}

export interface MeasuredGroup {
  readonly name: string
  readonly compares: Group['compares']
  readonly rows: readonly MeasuredRow[]
}

export const CONTROL = 'the same again (A/A control)'

interface Contender {
  readonly row: Row
  readonly times: number
  /** Of one operation, in each round. */
  readonly ms: number[]
  readonly cpu: CpuTimes[]
}

/**
 * Measures the rows of a group in rounds: each round runs each row once, in an order that rotates, and a row's ratio is
 * that to the base in the same round. The base is there twice; what the second differs by is noise.
 */
export async function measure(group: Group, settings: Settings): Promise<MeasuredGroup> {
  const { base, cpu } = group
  const control = { name: CONTROL, run: base.run, ...(base.prepare && { prepare: base.prepare }) }
  const contenders: Contender[] = []
  for (const row of [base, control, ...group.rows]) {
    contenders.push({ row, times: await warmUp(row, settings), ms: [], cpu: [] })
  }
  for (let round = 0; round < settings.rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length]
      if (contender !== undefined) await measureOnce(contender, settings.now, cpu)
    }
  }
  const [first] = contenders
  const rows: MeasuredRow[] = []
  for (const contender of contenders) rows.push(await rowOf(contender, first ?? contender, group))
  return { name: group.name, compares: group.compares, rows }
}

async function rowOf({ row, ms, cpu }: Contender, base: Contender, group: Group): Promise<MeasuredRow> {
  const { compares, allocation } = group
  const ratioOf = (own: readonly number[], ofBase: readonly number[]) => {
    if (row === base.row) return null
    return spreadOf(own.map((figure, round) => figure / (ofBase[round] ?? Number.NaN)))
  }
  const ratio = compares === 'time' ? ratioOf(ms, base.ms) : ratioOf(frequencies(ms), frequencies(base.ms))
  const figureBy = (msOf: (times: CpuTimes) => number): CpuFigure => {
    const own = cpu.map(msOf)
    return { ratio: ratioOf(own, base.cpu.map(msOf)), microsecondsPerOperation: spreadOf(own).median * 1_000 }
  }
  const partNames = Object.keys(cpu[0] ?? {})
  const parts = Object.fromEntries(partNames.map((part) => [part, figureBy((times) => times[part] ?? 0)]))
  const { name, target, note = null } = row
  return {
    name,
    ratio,
    target: target && ratio ? { text: target.text, reached: target.isReached(ratio.median) } : null,
    microsecondsPerOperation: spreadOf(ms).median * 1_000,
    bytesPerOperation: allocation === true ? await allocationOf(row.run) : null,
    cpu: group.cpu ? { ...figureBy(totalOf), parts } : null,
    note,
  }
}

function frequencies(ms: readonly number[]): readonly number[] {
  return ms.map((each) => 1 / each)
}

/** Runs a row until it is warm, and tells how many times it is done in one round. */
async function warmUp(row: Row, { now, roundMs, warmUpMs }: Settings): Promise<number> {
  let spentMs = 0
  for (let times = 1; ; times *= 2) {
    const { ms } = await timeOf(row, times, now)
    spentMs += ms
    if (spentMs >= warmUpMs && ms > 0) return Math.max(1, Math.round((times * roundMs) / ms))
  }
}

async function measureOnce(contender: Contender, now: () => number, readCpu: Group['cpu']): Promise<void> {
  const { row, times, ms, cpu } = contender
  const taken = await timeOf(row, times, now, readCpu)
  ms.push(taken.ms / times)
  cpu.push(taken.cpu)
}

/** A few times off the clock first: what the row before left in caches and for the collector is not this one's. */
async function timeOf(
  { run, prepare }: Row,
  times: number,
  now: () => number,
  readCpu: () => Promise<CpuTimes> = async () => ({}),
): Promise<{ ms: number; cpu: CpuTimes }> {
  const before = Math.ceil(times / 8)
  await prepare?.(before + times)
  await run(before)
  const cpuBefore = await readCpu()
  const startedAt = now()
  await run(times)
  const ms = now() - startedAt
  return { ms, cpu: cpuBetween(cpuBefore, await readCpu(), times) }
}
