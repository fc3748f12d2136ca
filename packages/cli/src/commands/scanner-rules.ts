import { isRuleName, scannerRules, scanners } from '@tessera/leaks'
import { usage } from '../terminal/exit-codes.ts'
import type { Call, Command } from './command.ts'
import { givenPrefixes } from './given-prefixes.ts'

/** Prints the rules by which other people's scanners find the secrets of the app. */
export const rules: Command = {
  name: 'scanner-rules',
  args: 'SCANNER',
  summary: `print rules that find the secrets, for ${scanners.join(', ')}`,
  options: [
    {
      flags: '--find-prefix <prefix>',
      summary: "of secrets with this prefix; default those of the app's tokens",
      many: true,
    },
    { flags: '--name <name>', summary: 'names the rule in findings; default the first prefix' },
  ],
  access: 'bare',
  async run(call) {
    const { args, options, json, print } = call
    const scanner = scanners.find((each) => each === args[0])
    if (scanner === undefined) throw usage(`SCANNER is one of ${scanners.join(', ')}`)
    const name = options.text('name')
    if (name !== undefined && !isRuleName(name)) throw usage('--name must be 1 to 64 characters of 0-9A-Za-z_.-')
    const prefixes = await prefixesIn(call)
    const text = scannerRules(scanner, { prefixes, ...(name !== undefined && { name }) })
    print(json ? JSON.stringify({ scanner, prefixes, rules: text }) : text.trimEnd())
  },
}

async function prefixesIn({ options, app }: Call): Promise<readonly string[]> {
  const given = givenPrefixes(options)
  if (given.length > 0) return given
  const { prefix, retiredPrefixes } = (await app()).tokens.rules
  return [prefix, ...retiredPrefixes]
}
