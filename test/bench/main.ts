import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { readCommand } from './command-line.ts'
import type { Command } from './command-line.ts'
import { runSuite } from './harness/bench.ts'
import type { SuiteResults } from './harness/bench.ts'
import { suites } from './suites.ts'

const FOLDER = join('test', 'bench', 'results')
const startedAt = new Date()
const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
}

const command = readOrExit()
console.log(`Node ${machine.node} on ${machine.platform}, ${machine.cores} × ${machine.cpu}`)
const results: Record<string, SuiteResults> = {}
for (const name of command.names) {
  const suite = suites.get(name)
  if (suite === undefined) continue
  console.log(`\n## ${name}`)
  results[name] = await runSuite(suite, (text) => console.log(`\n${text}`))
}
mkdirSync(dirname(command.json), { recursive: true })
writeFileSync(command.json, `${JSON.stringify({ startedAt, ...machine, suites: results }, null, 2)}\n`)
console.log(`\nwritten to ${command.json}`)

function readOrExit(): Command {
  try {
    return readCommand(process.argv.slice(2), { known: [...suites.keys()], folder: FOLDER, now: startedAt })
  } catch (error) {
    process.stderr.write(`tessera: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  }
}
