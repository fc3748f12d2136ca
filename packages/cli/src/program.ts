import { readFileSync } from 'node:fs'
import { Command as Commander, Option as Flag } from 'commander'
import type { Call, Command, Option, Options } from './commands/command.ts'
import { commands } from './commands/commands.ts'
import { coloursFor } from './terminal/colours.ts'
import type { Terminal } from './terminal/terminal.ts'
import type { App } from './tokens/app.ts'
import { openApp } from './tokens/open-app.ts'
import type { SourceOptions } from './tokens/open-app.ts'

const SOURCES: readonly Option[] = [
  { flags: '--tokens <module>', summary: "the app's module that exports `tokens`" },
  { flags: '--redis-url <url>', summary: 'a store on Redis, without such a module' },
  { flags: '--database-url <url>', summary: 'a store on PostgreSQL, or sqlite:FILE' },
  { flags: '--prefix <prefix>', summary: 'the start of the secrets, with a URL' },
  { flags: '--no-audit', summary: 'change something though no audit learns of it, with a URL' },
  { flags: '--actor <name>', summary: 'who does this, for the audit; default the user of the machine' },
  { flags: '--json', summary: 'one JSON document on stdout' },
  { flags: '--no-color', summary: 'no colours' },
]

/** Builds the program of all commands. The code of the one that runs is noted in `ended`. */
export function programOf(terminal: Terminal, user: string, ended: { code: number }): Commander {
  const program = new Commander('tessera').description('Issue, look at and end API tokens.').version(version())
  program.exitOverride().configureOutput({
    writeOut: (text) => void terminal.stdout.write(text),
    writeErr: (text) => void terminal.stderr.write(text),
  })
  for (const command of commands) {
    const parsed = program.command(command.name).summary(command.summary).description(command.summary)
    for (const argument of command.args?.split(' ') ?? []) parsed.argument(argumentOf(argument))
    for (const option of [...(command.options ?? []), ...SOURCES]) parsed.addOption(flagOf(option))
    parsed.action(async () => {
      ended.code = (await call(command, parsed, terminal, user)) ?? ended.code
    })
  }
  return program
}

/** Runs a command, and lets go of what it opened. */
async function call(command: Command, parsed: Commander, terminal: Terminal, user: string): Promise<number | void> {
  const given = parsed.opts<Record<string, unknown> & SourceOptions>()
  let opened: Promise<App> | undefined
  const app = () => (opened ??= openApp(given, terminal, command.access === 'changes' || given['revoke'] === true))
  try {
    return await command.run({ ...contextOf(command, parsed, terminal, user), app })
  } finally {
    await (await opened?.catch(() => undefined))?.close()
  }
}

function contextOf(command: Command, parsed: Commander, terminal: Terminal, user: string): Omit<Call, 'app'> {
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
  return many === true ? flag.argParser(append) : flag
}

function append(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value]
}

function version(): string {
  return String(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
}
