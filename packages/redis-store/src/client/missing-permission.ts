import { sourceOf } from './script.ts'

const COMMAND = /(?:^NOPERM|ACL failure in script:) .*run the '([\w|]+)' command/
const KEY = /(?:^NOPERM|ACL failure in script:) .*\bkeys?\b|can't access at least one of the keys/
const IN_SCRIPT = /can't run this command or subcommand(?: script: ([0-9a-f]{40}), on @user_script:(\d+))?/
const CALL = /[({]'([A-Z]{3,})'/g

/**
 * Names the permission missing from the rule of a Redis user; `null` for any other failure. Of a script Redis names
 * only the line of the command.
 */
export function missingPermission(cause: Error): Error | null {
  const { message } = cause
  const [, command] = COMMAND.exec(message) ?? []
  if (command !== undefined) return lacking([command], cause)
  const refused = IN_SCRIPT.exec(message)
  if (refused !== null) return lacking(commandsOn(refused[1], Number(refused[2])), cause)
  if (!KEY.test(message)) return null
  return new Error("redisStore: the Redis user may not use the store's keys: add ~<keyPrefix>* to its rule", { cause })
}

function lacking(commands: readonly string[], cause: Error): Error {
  const grants = commands.map((command) => `+${command.toLowerCase()}`).join(' ')
  return new Error(`redisStore: the Redis user may not run a command of the store: add ${grants} to its rule`, {
    cause,
  })
}

/** The commands on a line of a script; all its commands if the line is unknown. */
function commandsOn(sha: string | undefined, line: number): readonly string[] {
  const source = sourceOf(sha ?? '')
  const callsIn = (lua: string) => [...new Set([...lua.matchAll(CALL)].map(([, command = '']) => command))]
  const commands = callsIn(source.split('\n')[line - 1] ?? '')
  return commands.length > 0 ? commands : callsIn(source)
}
