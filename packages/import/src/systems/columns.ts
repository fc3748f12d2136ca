import { isString } from '@tessera/core'
import { LegacyRowError } from './system.ts'
import type { LegacyRow, LegacyToken, SystemOptions } from './system.ts'

/** `2026-01-31 10:20:30` or `2026-01-31T10:20:30.123456`: databases write UTC without saying so. */
const WITHOUT_ZONE = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?))?$/
const SCOPE_LINE = /^- +['"]?([^'"\s]+)['"]?$/

/** The text of a column. A number is a text, too: many ids are. */
export function textIn(row: LegacyRow, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(row, name) ? row[name] : undefined
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return undefined
}

/** @throws LegacyRowError if there is none */
export function neededIn(row: LegacyRow, ...names: readonly string[]): string {
  const text = textIn(row, ...names)
  if (text === undefined) throw new LegacyRowError(`the row has no ${names.join(' or ')}`)
  return text
}

/**
 * The instant of a column: a date, epoch milliseconds, or a text of a date. A text without a zone is UTC. `null` for none.
 *
 * @throws LegacyRowError for anything else
 */
export function instantIn(row: LegacyRow, ...names: readonly string[]): Date | null {
  const name = names.find((each) => Object.hasOwn(row, each) && (row[each] ?? null) !== null && row[each] !== '')
  if (name === undefined) return null
  const date = dateOf(row[name])
  if (date === null || Number.isNaN(date.getTime())) throw new LegacyRowError(`${name} is no instant`)
  return date
}

function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return value
  if (typeof value === 'number') return new Date(value)
  if (typeof value !== 'string' || value.length > 64) return null
  const [, day, time = '00:00:00'] = WITHOUT_ZONE.exec(value) ?? []
  return new Date(day === undefined ? value : `${day}T${time}Z`)
}

/**
 * The scopes of a column: a list, its JSON, or lines of YAML as Rails writes them. None for an empty column.
 *
 * @throws LegacyRowError for anything else
 */
export function scopesIn(row: LegacyRow, name: string): readonly string[] {
  const value = Object.hasOwn(row, name) ? row[name] : undefined
  const list = typeof value === 'string' ? listOf(value.trim()) : (value ?? [])
  if (!Array.isArray(list) || !list.every(isString)) throw new LegacyRowError(`${name} is no list of scopes`)
  return list
}

function listOf(text: string): unknown {
  if (text === '' || text === 'null') return []
  if (text.startsWith('[')) return jsonIn(text)
  const lines = text.split('\n').filter((line) => line !== '---')
  return lines.map((line) => SCOPE_LINE.exec(line.trim())?.[1])
}

/** The value of a JSON text; `undefined` for none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a column says yes, as databases do. */
export function isSet(row: LegacyRow, name: string): boolean {
  const value = Object.hasOwn(row, name) ? row[name] : undefined
  return value === true || value === 1 || value === '1' || value === 't' || value === 'true'
}

export function isUnset(row: LegacyRow, name: string): boolean {
  const value = Object.hasOwn(row, name) ? row[name] : undefined
  return value === false || value === 0 || value === '0' || value === 'f' || value === 'false'
}

/** A system's columns. Its scopes are read only if neither the row nor `map` says them. */
interface Columns extends Omit<LegacyToken, 'owner' | 'scopes'> {
  readonly owner?: string | undefined
  readonly scopes?: () => readonly string[]
}

/**
 * A token by its system's columns. A row may say `owner` and `scopes` itself, and `map` has the last word.
 *
 * @throws LegacyRowError without an owner
 */
export function tokenOf(row: LegacyRow, columns: Columns, { map }: SystemOptions): LegacyToken {
  const mapped = map?.(row)
  const { owner, scopes: _lazy, ...others } = { ...columns, owner: textIn(row, 'owner') ?? columns.owner, ...mapped }
  if (typeof owner !== 'string') throw new LegacyRowError('the row has no owner: give it one, or the option map')
  const scopes = mapped?.scopes ?? ownScopes(row) ?? columns.scopes?.()
  return { ...others, owner, ...(scopes !== undefined && { scopes }) }
}

function ownScopes(row: LegacyRow): readonly string[] | undefined {
  return Object.hasOwn(row, 'scopes') ? scopesIn(row, 'scopes') : undefined
}

/** The name of a token, in a column of that name. */
export function nameIn(row: LegacyRow): { readonly name?: string } {
  const name = textIn(row, 'name')
  return name === undefined ? {} : { name }
}

/** The preview of the first characters of a secret. */
export function startPreview(start: string | undefined): { readonly preview?: string } {
  return start === undefined ? {} : { preview: `${start}${'*'.repeat(8)}` }
}
