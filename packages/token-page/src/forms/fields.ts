import { readForm } from '@tessera/http'
import type { HttpRequest } from '@tessera/http'

/** The fields of a form, or the parameters of a link that fills one in. */
export interface Fields {
  /** The first value; `null` without one. */
  one(name: string): string | null
  all(name: string): readonly string[]
}

/** @throws Problem if the body is no form */
export async function readFields(request: HttpRequest): Promise<Fields> {
  const form = await readForm(request)
  return { one: (name) => form(name)[0] ?? null, all: form }
}

export function queryFields(query: string): Fields {
  const parameters = new URLSearchParams(query)
  return { one: (name) => parameters.get(name), all: (name) => parameters.getAll(name) }
}

/** The networks of a text area, one a line; `null` for an empty one: any network. */
export function readNetworkLines(text: string): readonly string[] | null {
  const lines = text.split(/[\s,]+/).filter((line) => line !== '')
  return lines.length === 0 ? null : lines
}
