/** Whether every driver and every long exploration is tried, as in the gate. */
export const triesAll: boolean = process.env['TESSERA_ALL_DRIVERS'] !== undefined

/** Whether this is the long run of faults, which does more of everything. */
export const isLongRun: boolean = process.env['TESSERA_FAULT_CHECKS'] !== undefined
