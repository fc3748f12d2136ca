import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// A bundle of an app has no files beside it. So the migrations of postgres-store are also in a module.
const folder = join(import.meta.dirname, '..', 'packages', 'postgres-store')
const scripts = readdirSync(join(folder, 'sql'))
  .filter((name) => /^\d{4}\.sql$/.test(name))
  .toSorted()
  .map((name) => readFileSync(join(folder, 'sql', name), 'utf8'))
const literals = scripts.map((script) => `  \`${script.replaceAll(/[\\`]|\$\{/g, '\\$&')}\`,\n`)

writeFileSync(
  join(folder, 'src', 'migrations', 'scripts.ts'),
  `/** The files of \`sql/\`, in their order. \`node .ci/embed-sql.mjs\` writes this file. */
export const scripts: readonly string[] = [
${literals.join('')}]
`,
)
