import { checkOptions } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { accessScopesRule } from '../../bearer/access-scopes.ts'
import type { AccessScopes } from '../../bearer/access-scopes.ts'
import { standardDescription } from '../describe/describe-standard.ts'
import type { Dialect } from '../dialect.ts'
import { writeNext } from './next-page.ts'
import { listParameters, readList } from './read-list.ts'
import { writeProblem } from './write-problem.ts'
import { writeToken } from './write-token.ts'

export interface StandardOptions {
  /**
   * Where each problem code has a page, e.g. `https://api.example.com/problems/`: the `type` of a problem is this and its
   * code. Default no pages: the type is `about:blank`.
   */
  readonly problems?: string | undefined
  /** Default `tokens:read` to list and show, `tokens:write` to issue and change, `tokens:revoke-all` to revoke in bulk. */
  readonly scopes?: AccessScopes | undefined
}

const SCOPES = { read: ['tokens:read'], write: ['tokens:write'], revokeAll: ['tokens:revoke-all'] } as const

const rules: Readonly<Record<keyof StandardOptions, OptionRule>> = {
  problems: { right: 'an http or https URL that ends in /, # or =', test: isBeforeCode },
  scopes: accessScopesRule,
}

/**
 * The dialect for new APIs: all facts of a token, in camelCase as in `Token`, every field always there. Instants are
 * RFC 3339 with milliseconds. `?status=active&unusedSince=…&limit=50` → `{ tokens: […], next, usage: { active, limit } }`.
 * Unknown parameters and fields are refused by their names. Errors are problem details (RFC 9457), with a stable `code`.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function standardDialect(options: StandardOptions = {}): Dialect {
  checkOptions('standardDialect', options, rules)
  const { problems = null, scopes } = options
  return {
    readList,
    listParameters,
    writePage: ({ tokens, next }, request, owner, { callerId, usage }) => ({
      tokens: tokens.map((token) => writeToken(token, { callerId })),
      next: next && writeNext(next, request, owner),
      usage,
    }),
    writeToken: (token, facts) => ({ token: writeToken(token, facts) }),
    writeUsage: (usage) => ({ usage }),
    writeRevokedAll: ({ revoked }) => ({ revoked }),
    writeError: (problem) => writeProblem(problem, problems),
    errorType: 'application/problem+json',
    expiryField: 'expiresAt',
    overlapField: 'overlapSeconds',
    attributesField: 'attributes',
    scopes: { ...SCOPES, ...scopes },
    describe: standardDescription,
  }
}

/** The dialect of every handler, router and gate that is given no other. */
export const standard: Dialect = standardDialect()

function isBeforeCode(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/.*[/#=]$/.test(value) && URL.canParse(value)
}
