import { randomInt } from 'node:crypto'
import { isLongRun } from '../support/how-much.ts'

const WANTED = process.env['TESSERA_FAULT_CHECKS']
const SCENARIOS = 7

/** How many checks each scenario of four processes makes at least. */
export const CHECKS: number = Math.ceil(Number(WANTED ?? 2_100) / SCENARIOS)

export const SEED: number = Number(process.env['TESSERA_FAULT_SEED'] ?? randomInt(2 ** 32))

export const TIMEOUT_MS: number = isLongRun ? 600_000 : 60_000
