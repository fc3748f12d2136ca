import { runSuite } from './harness/bench.ts'
import { suites } from './suites.ts'

/** The process of one part of a suite: prints its tables, and sends its results to `main.ts`. */
const [name = '', number] = process.argv.slice(2)
const load = suites.get(name)?.[Number(number)]
if (load === undefined) throw new Error(`no such part of a suite: ${name} ${number}`)
const suite = await load()
// A server that is being stopped does not keep a process alive, and the suite waits for it.
process.channel?.ref()
const results = await runSuite(suite, (text) => console.log(`\n${text}`))
process.send?.(results, () => process.disconnect())
