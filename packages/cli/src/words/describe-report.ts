import type { TokenReport } from '@tessera/core'
import type { Column } from '../terminal/table.ts'
import { tokenFacts } from './describe-token.ts'

export const REPORT_COLUMNS: readonly Column[] = [
  { title: 'ID' },
  { title: 'NAME', cutTo: 24 },
  { title: 'SCOPE', cutTo: 32 },
  { title: 'ASKED' },
]

/** The report of a token for `--json`. */
export function reportFacts({ token, ...asked }: TokenReport): object {
  return { token: tokenFacts(token), ...asked }
}

/** The report of a token for people: a row for each scope. */
export function reportRows(
  { token: { id, name }, since, granted, refused, unasked }: TokenReport,
  days: number,
): readonly (readonly string[])[] {
  const notAsked = since === null ? 'not recorded' : `not since ${since.toISOString().slice(0, 10)}`
  const more = (scope: string) => (unasked?.includes(scope) === true ? `; not in ${days} days` : '')
  return [
    ...granted.map(({ scope, lastAskedOn }) => {
      const asked = lastAskedOn === null ? notAsked : `last on ${lastAskedOn}`
      return [id, name, scope, asked + more(scope)]
    }),
    ...refused.map(({ scope, lastAskedOn }) => [id, name, scope, `last on ${lastAskedOn ?? '–'}; not granted`]),
  ]
}
