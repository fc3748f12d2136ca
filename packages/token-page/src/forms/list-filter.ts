import type { ListOptions, Place, TokenStatus, Tokens } from '@tessera/core'
import { invalidParameter, readChoice, readText } from '@tessera/http'
import type { Caller } from '@tessera/http'

/** What a person looks for in the list. */
export interface ListFilter {
  readonly name: string | null
  readonly status: TokenStatus | null
  readonly maker: 'me' | null
  readonly after: Place | null
}

export const STATUSES: readonly TokenStatus[] = ['active', 'suspended', 'expired', 'revoked']
const PAGE_SIZE = 50
const PLACE = /^(-?\d{1,16})\.(.{1,200})$/

/** Whether the person can look for their own tokens: those of an organization may have any maker. */
export function hasOwnTokens({ createdBy }: Caller): boolean {
  return typeof createdBy === 'string'
}

/** @throws Problem `invalid_parameter` */
export function readListFilter(query: string, tokens: Pick<Tokens, 'isId'>, caller: Caller): ListFilter {
  const parameters = new URLSearchParams(query)
  const name = readText(parameters, 'q')?.trim() ?? ''
  // A form sends the empty value for any.
  for (const field of ['status', 'maker', 'after']) if (parameters.get(field) === '') parameters.delete(field)
  const after = readText(parameters, 'after')
  return {
    name: name === '' ? null : name,
    status: readChoice(parameters, 'status', STATUSES) ?? null,
    maker: readChoice(parameters, 'maker', hasOwnTokens(caller) ? (['me'] as const) : []) ?? null,
    after: after === undefined ? null : readPlace(after, tokens),
  }
}

export function isFiltering({ name, status, maker }: ListFilter): boolean {
  return name !== null || status !== null || maker !== null
}

export function listOptions({ name, status, maker, after }: ListFilter, { createdBy }: Caller): ListOptions {
  return {
    name,
    statuses: status && [status],
    createdBy: maker === 'me' ? (createdBy ?? null) : null,
    sort: { by: 'createdAt', direction: 'desc' },
    window: { after, limit: PAGE_SIZE },
  }
}

/** A place in a link: its instant and its id. */
export function placeText({ value, id }: Place): string {
  return `${value}.${id}`
}

function readPlace(text: string, tokens: Pick<Tokens, 'isId'>): Place {
  const [, value = '', id = ''] = PLACE.exec(text) ?? []
  if (!Number.isSafeInteger(Number(value || Number.NaN)) || !tokens.isId(id))
    throw invalidParameter('after', 'a link of this page')
  return { value: Number(value), id }
}
