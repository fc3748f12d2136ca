import { readFileSync, writeFileSync } from 'node:fs'
import { bundledServer } from '../../support/four-apis/bundled-server.ts'

/** Rules of leases, each as the sources have it, and as it is left out. */
const RULES = {
  'a change waits': ['AWAITED_SHARE = 1.1', 'AWAITED_SHARE = 0'],
  'a lease ends': ['COUNTED_SHARE = 0.9', 'COUNTED_SHARE = 50'],
} as const

export type Rule = keyof typeof RULES
export const LEFT_OUT = Object.keys(RULES) as Rule[]

/** The example server without a rule of leases. */
export function serverWithout(rule: Rule): string {
  const [right, wrong] = RULES[rule]
  const source = readFileSync(bundledServer(), 'utf8')
  if (!source.includes(right)) throw new Error(`the server has no ${right}`)
  const file = bundledServer().replace(/\.cjs$/, `.${process.pid}.${LEFT_OUT.indexOf(rule)}.cjs`)
  writeFileSync(file, source.replace(right, wrong))
  return file
}
