import { readFileSync } from 'node:fs'
import { Command as Commander, Option as Flag } from 'commander'
import type { Call, Command, Option, Options } from './commands/command.ts'
import { COMMON } from './commands/common-options.ts'
import { commands } from './commands/commands.ts'
import { coloursFor } from './terminal/colours.ts'
import { usage } from './terminal/exit-codes.ts'
import type { Terminal } from './terminal/terminal.ts'
import type { App } from './tokens/app.ts'
import { needWritten } from './terminal/need-written.ts'
import { openApp } from './tokens/open-app.ts'
import { timeoutIn } from './words/duration.ts'
import type { SourceOptions } from './tokens/open-app.ts'

/** The surroundings of one command line, and what it leaves. */
export interface Around {
  readonly terminal: Terminal
  /** The user of the machine. */
  readonly user: string
  /** How the command ended. */
  code: number
  /** The tokens of the command, once it has asked for them. */
  opened?: Promise<App>
}

/** Builds the program of all commands. The one that runs leaves its code and its tokens in `around`. */
export function programOf(around: Around): Commander {
  const { terminal } = around
  const program = new Commander('tessera').description('Issue, look at and end API tokens.').version(version())
  program.exitOverride().configureOutput({
    writeOut: (text) => void terminal.stdout.write(text),
    writeErr: (text) => void terminal.stderr.write(text),
  })
  for (const command of commands) {
    const parsed = program.command(command.name).summary(command.summary).description(command.summary)
    for (const argument of command.args?.split(' ') ?? []) parsed.argument(argumentOf(argument))
    for (const option of [...(command.options ?? []), ...COMMON]) parsed.addOption(flagOf(option))
    parsed.action(async () => {
      around.code = (await call(command, parsed, around)) ?? around.code
    })
  }
  return program
}

/**
 * Runs a command. If the reader of stdout goes, a command that changes something still finishes.
 *
 * @throws Exit if the output was lost
 */
async function call(command: Command, parsed: Commander, around: Around): Promise<number | void> {
  const given = parsed.opts<Record<string, unknown> & SourceOptions>()
  const { terminal } = around
  const timeoutMs = timeoutIn(given)
  const changes = command.access === 'changes' || given['revoke'] === true
  const app = () => (around.opened ??= openApp(given, terminal, { changes, timeoutMs }))
  const running = command.run({ ...contextOf(command, parsed, around), app })
  if (changes) {
    const code = await running
    await needWritten(terminal, 'all is done, but')
    return code
  }
  const code = await Promise.race([running, readerGone(terminal)])
  if (terminal.written.closed.aborted) return code
  await needWritten(terminal)
  return code
}

function readerGone({ written: { closed } }: Terminal): Promise<void> {
  return new Promise((resolve) => closed.addEventListener('abort', () => resolve(), { once: true }))
}

function contextOf(command: Command, parsed: Commander, { terminal, user }: Around): Omit<Call, 'app'> {
  const options = optionsOf(parsed.opts())
  return {
    terminal,
    args: argsOf(command, parsed),
    options,
    json: options.flag('json'),
    colours: coloursFor(terminal.stdout, terminal.env, options.flag('color')),
    by: `cli:${options.text('actor') ?? user}`,
    now: Date.now(),
    print: (line) => void terminal.stdout.write(`${line}\n`),
    note: (line) => void terminal.stderr.write(`${line}\n`),
  }
}

function optionsOf(values: Readonly<Record<string, unknown>>): Options {
  const valueOf = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined)
  return {
    text(name) {
      const value = valueOf(name)
      return typeof value === 'string' ? value : undefined
    },
    list(name) {
      const value = valueOf(name)
      return Array.isArray(value) ? value : []
    },
    flag: (name) => valueOf(name) === true,
  }
}

/** `[OWNER] ID` given one is the id: commander fills from the left. */
function argsOf({ args = '' }: Command, parsed: Commander): readonly (string | undefined)[] {
  return args.endsWith('...]') ? parsed.args : args === '' ? [] : [parsed.args[0], parsed.args[1]]
}

function argumentOf(text: string): string {
  return text === 'ID' ? '[id]' : text.startsWith('[') ? text.toLowerCase() : `<${text.toLowerCase()}>`
}

function flagOf({ flags, summary, many }: Option): Flag {
  const flag = new Flag(flags, summary)
  if (many === true) return flag.argParser(append)
  return flags.includes('<') ? flag.argParser((value, before) => once(flags, value, before)) : flag
}

/** The last of two would win in silence, and the first may be the one that matters. */
function once(flags: string, value: string, before: unknown): string {
  if (before !== undefined) throw usage(`${flags.split(' ')[0]} may be given once`)
  return value
}

function append(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value]
}

function version(): string {
  return String(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
}
