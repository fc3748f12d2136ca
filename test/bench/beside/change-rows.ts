import type { TokenStore, Tokens } from '@tessera/core'
import type { Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { PREFIX } from '../in-process/issued-tokens.ts'
import type { Build } from './builds.ts'

const SCOPES = ['jobs:read', 'runs:read', 'runs:write']
const PREPARED_AT_ONCE = 64

type Changing = 'revoke' | 'suspend' | 'edit' | 'rotate'

const CHANGES: Readonly<Record<Changing, (tokens: Tokens, owner: string, id: string) => Promise<unknown>>> = {
  revoke: (tokens, owner, id) => tokens.revoke(owner, id),
  suspend: (tokens, owner, id) => tokens.suspend(owner, id),
  edit: (tokens, owner, id) => tokens.edit(owner, id, { name: 'renamed' }),
  rotate: (tokens, owner, id) => tokens.rotate(owner, id),
}

export type Changes = Readonly<Record<Changing | 'issue', Row>>

/** A row for each change of a token, on a store of this build: each time of another token, ten to an owner. */
export function changeRows(name: string, { createTokens }: Build, store: TokenStore, callers: number): Changes {
  const tokens = createTokens({ store, prefix: PREFIX })
  let issued = 0

  function issue(): Promise<{ readonly token: { readonly owner: string; readonly id: string } }> {
    const owner = `owner-${callers}-${Math.floor((issued += 1) / 10)}`
    return tokens.issue({ owner, name: 'ci-deploy', scopes: SCOPES })
  }

  function rowOf(change: Changing): Row {
    const waiting: { readonly owner: string; readonly id: string }[] = []
    return {
      name,
      prepare: (times) =>
        repeat(times, PREPARED_AT_ONCE, async () => {
          waiting.push((await issue()).token)
        }),
      run: (times) =>
        repeat(times, callers, async () => {
          const token = waiting.pop()
          if (token === undefined) throw new Error('there is no token left to change')
          await CHANGES[change](tokens, token.owner, token.id)
        }),
    }
  }

  return {
    issue: { name, run: (times) => repeat(times, callers, issue) },
    revoke: rowOf('revoke'),
    suspend: rowOf('suspend'),
    edit: rowOf('edit'),
    rotate: rowOf('rotate'),
  }
}
