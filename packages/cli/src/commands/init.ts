import { readFileSync } from 'node:fs'
import { usage } from '../terminal/exit-codes.ts'
import type { Command } from './command.ts'

const FRAMEWORKS = ['express', 'fastify', 'next', 'hono']

/** Prints what to write, and writes nothing: the app is the user's. */
export const init: Command = {
  name: 'init',
  args: '[FRAMEWORK]',
  summary: `print the code that mounts tokens in ${FRAMEWORKS.join(', ')}; writes nothing`,
  access: 'bare',
  async run({ args: [framework = 'express'], json, print }) {
    if (!FRAMEWORKS.includes(framework)) throw usage(`FRAMEWORK is one of ${FRAMEWORKS.join(', ')}`)
    if (json) return print(JSON.stringify({ files: [sample('tokens'), sample(framework)] }))
    print(`${sample('tokens')}\n${sample(framework)}`)
    print('// package.json, for this command line: "tessera": { "tokens": "./tokens.js" }')
  },
}

function sample(name: string): string {
  return readFileSync(new URL(`../../samples/${name}.js`, import.meta.url), 'utf8')
}
