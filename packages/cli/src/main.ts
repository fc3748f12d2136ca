#!/usr/bin/env node
import { run } from './run.ts'

const interrupted = new AbortController()
// A second one ends the process as usual.
process.once('SIGINT', () => interrupted.abort())
// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', () => process.exit(0))

const { stdin, stdout, stderr, env } = process
const terminal = { stdin, stdout, stderr, env, cwd: process.cwd(), interrupted: interrupted.signal }
// What the app's module has left open would keep the process alive.
void run(process.argv.slice(2), terminal).then((code) => stdout.write('', () => process.exit(code)))
