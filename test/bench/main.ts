import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { readCommand } from './command-line.ts'
import type { Command } from './command-line.ts'
import type { SuiteResults } from './harness/bench.ts'
import { reportText } from './harness/report.ts'
import { suites } from './suites.ts'
import { readVersions } from './versions.ts'

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
  console.log(`\n## ${name}`)
  results[name] = await runSuite(name)
}
const report = { startedAt, ...machine, versions: readVersions(), suites: results }
write(command.json, `${JSON.stringify(report, null, 2)}\n`)
if (command.markdown !== null) write(command.markdown, reportText(report))

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(`\nwritten to ${path}`)
}

async function runSuite(name: string): Promise<SuiteResults> {
  const parts: SuiteResults[] = []
  for (const number of suites.get(name)?.keys() ?? []) parts.push(await runApart(name, number))
  return { groups: parts.flatMap(({ groups }) => groups), tables: parts.flatMap(({ tables }) => tables) }
}

/** In a process of its own: what one part does to the heap, the optimizer and promises is no other's concern. */
async function runApart(name: string, part: number): Promise<SuiteResults> {
  const child = fork(new URL('run-part.js', import.meta.url), [name, String(part)])
  let received: SuiteResults | null = null
  child.once('message', (message) => {
    received = message as SuiteResults
  })
  // What was sent may arrive after the exit, and never after the disconnection.
  const [[code]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  if (code !== 0 || received === null) process.exit(1)
  return received
}

function readOrExit(): Command {
  try {
    return readCommand(process.argv.slice(2), { known: [...suites.keys()], folder: FOLDER, now: startedAt })
  } catch (error) {
    process.stderr.write(`tessera: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  }
}
