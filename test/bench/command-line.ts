import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** What was asked for. */
export interface Command {
  /** The names of the suites, all of them when none was named. */
  readonly names: readonly string[]
  /** Where the results are written. */
  readonly json: string
  /** Where the tables are written as Markdown; `null` for nowhere. */
  readonly markdown: string | null
}

/**
 * @param args What follows the script's name: names of suites, `--json <path>` and `--markdown <path>`.
 * @throws Error that says what there is, for anything else
 */
export function readCommand(
  args: readonly string[],
  { known, folder, now }: { readonly known: readonly string[]; readonly folder: string; readonly now: Date },
): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, markdown: { type: 'string' } },
    allowPositionals: true,
  })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`no such suite: ${unknown.join(', ')}; there are ${known.join(', ')}`)
  return {
    names: positionals.length > 0 ? known.filter((name) => positionals.includes(name)) : known,
    json: values.json ?? join(folder, `${now.toISOString().replaceAll(':', '-')}.json`),
    markdown: values.markdown ?? null,
  }
}
