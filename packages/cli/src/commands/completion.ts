import { usage } from '../terminal/exit-codes.ts'
import type { Command, Option } from './command.ts'

/**
 * Builds the command `completion`.
 *
 * @param common The options of every command.
 */
export function completionOf(named: readonly Command[], common: readonly Option[]): Command {
  const commands = named.map((command) => ({ ...command, options: [...(command.options ?? []), ...common] }))
  return {
    name: 'completion',
    args: 'SHELL',
    summary: 'print completions for bash, zsh or fish',
    access: 'bare',
    async run({ args: [shell = ''], print }) {
      const script = SCRIPTS.get(shell)
      if (script === undefined) throw usage(`SHELL is one of ${[...SCRIPTS.keys()].join(', ')}`)
      print(script(commands))
    },
  }
}

const SCRIPTS: ReadonlyMap<string, (commands: readonly Command[]) => string> = new Map([
  ['bash', bash],
  ['zsh', (commands) => `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`],
  ['fish', fish],
])

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => `    ${command.name}) words="${optionsOf(command).join(' ')}" ;;`)
  return `_tessera() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${commands.map(({ name }) => name).join(' ')}"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tessera tessera`
}

function fish(commands: readonly Command[]): string {
  return commands
    .flatMap(({ name, summary, options = [] }) => [
      `complete -c tessera -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map(
        (option) =>
          `complete -c tessera -n '__fish_seen_subcommand_from ${name}' -l ${longOf(option.flags).slice(2)} -d ${quoted(option.summary)}`,
      ),
    ])
    .join('\n')
}

function optionsOf({ options = [] }: Command): readonly string[] {
  return options.map(({ flags }) => longOf(flags))
}

function longOf(flags: string): string {
  return flags.split(' ')[0] ?? flags
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`
}
