export { run } from './run.ts'
export { exitCodes } from './terminal/exit-codes.ts'
export type { Output, Terminal } from './terminal/terminal.ts'
