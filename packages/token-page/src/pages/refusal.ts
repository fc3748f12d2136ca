import { TokenError } from '@tessera/core'
import { problemOf } from '@tessera/http'
import type { HttpResponse } from '@tessera/http'
import type { Part } from '../html/html.ts'
import type { View } from './view.ts'
import type { PlainName } from '../words/english.ts'

/** A field of the forms. */
export type FieldName = 'name' | 'scopes' | 'expiry' | 'networks' | 'overlap'

/** Why a form was refused, in the words of the page. */
export interface Refusal {
  readonly status: number
  readonly text: Part
  /** The field at fault, if it is one. */
  readonly field: FieldName | null
  readonly headers: HttpResponse['headers']
  /** Whether the form was sent before, with other values: it then needs another key. */
  readonly isSentBefore: boolean
}

/** @throws the error itself if it is a fault in the program, or of no form: an unknown token */
export function refusalOf({ words, options }: View, error: unknown): Refusal {
  const problem = problemOf(error, options.onError)
  const { code, status, headers, facts } = problem
  if (code === 'not_found') throw problem
  const isOwn = !(error instanceof TokenError && error.code === 'beyond_ceiling')
  const [field, wrong] = BY_PARAMETER.get(facts.parameter ?? '') ?? [null, null]
  const name = isOwn ? (wrong ?? BY_CODE.get(code) ?? 'refused') : 'beyondYours'
  const values = { active: words.number(facts.active ?? 0), limit: words.number(facts.limit ?? 0) }
  return { status, headers, text: words.say(name, values), field, isSentBefore: code === 'idempotency_conflict' }
}

const BY_PARAMETER: ReadonlyMap<string, readonly [FieldName, PlainName]> = new Map([
  ['name', ['name', 'nameWrong']],
  ['scopes', ['scopes', 'scopesWrong']],
  ['expiresAt', ['expiry', 'expiryWrong']],
  ['date', ['expiry', 'dateBesideChoice']],
  ['networks', ['networks', 'networksWrong']],
  ['overlap', ['overlap', 'overlapWrong']],
])
const BY_CODE: ReadonlyMap<string, PlainName> = new Map([
  ['active_limit_reached', 'limitReached'],
  ['insufficient_scope', 'notYours'],
  ['forbidden', 'beyondYours'],
  ['invalid_transition', 'changedMeanwhile'],
  ['idempotency_conflict', 'sentBefore'],
  ['unavailable', 'unavailableHint'],
])
