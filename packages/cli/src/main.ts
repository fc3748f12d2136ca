#!/usr/bin/env node
import { Console } from 'node:console'
import { run } from './run.ts'
import { exitCodes } from './terminal/exit-codes.ts'
import { watchOutput } from './terminal/watch-output.ts'

const interrupted = new AbortController()
// A second one ends the process as usual.
process.once('SIGINT', () => interrupted.abort())

const { stdin, stdout, stderr, env } = process
// Stdout belongs to the command: what the app's module prints goes to stderr.
Object.assign(console, new Console(stderr, stderr))
stderr.on('error', () => {})

process.on('beforeExit', () => {
  stderr.write('tessera: something never answered\n')
  process.exit(exitCodes.fault)
})

const terminal = {
  ...{ stdin, stdout, stderr, env, cwd: process.cwd() },
  interrupted: interrupted.signal,
  written: watchOutput(stdout),
}
// What the app's module has left open would keep the process alive.
void run(process.argv.slice(2), terminal).then(async (code) => {
  await terminal.written.flushed()
  process.exit(code)
})
