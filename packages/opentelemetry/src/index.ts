export { instrumentTessera } from './instrument.ts'
export type { InstrumentOptions } from './options.ts'
