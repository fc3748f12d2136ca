import type { App } from '../tokens/app.ts'
import type { Colours } from '../terminal/colours.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What a command can do, and how it is called. */
export interface Command {
  readonly name: string
  /** As in `OWNER [ID]`. */
  readonly args?: string
  readonly summary: string
  readonly options?: readonly Option[]
  /**
   * - `changes`: needs tokens, and an audit that learns of it.
   * - `reads`: needs tokens.
   * - `bare`: needs none, and takes them if they are there.
   */
  readonly access: 'changes' | 'reads' | 'bare'
  /** @returns How it ends; nothing for {@link exitCodes} `done`. */
  readonly run: (call: Call) => Promise<number | void>
}

export interface Option {
  /** As commander writes it: `--expires <when>`. */
  readonly flags: string
  readonly summary: string
  /** May be given several times. */
  readonly many?: boolean
}

/** One call of a command. */
export interface Call {
  /** The tokens; asks for them, for a command with the access `bare`. */
  app(): Promise<App>
  readonly terminal: Terminal
  readonly args: readonly (string | undefined)[]
  readonly options: Options
  readonly json: boolean
  readonly colours: Colours
  /** The actor, for the audit: `cli:ada`. */
  readonly by: string
  readonly now: number
  /** A line on stdout. */
  print(line: string): void
  /** A line on stderr, for people. */
  note(line: string): void
}

/** The values of options, by their names in camelCase. */
export interface Options {
  text(name: string): string | undefined
  list(name: string): readonly string[]
  flag(name: string): boolean
}
