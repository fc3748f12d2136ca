import type { Token } from '@tessera/core'
import { html } from '../html/html.ts'
import type { Page } from '../pages/document.ts'
import type { View } from '../pages/view.ts'

/** The notices after a change, by the word in the address. Each is shown only while it is true. */
const DONE = ['saved', 'nowSuspended', 'nowActive', 'nowRevoked'] as const

export type Done = (typeof DONE)[number]

/** Leads to a token by `GET`, so that a reload sends no form again. */
export function redirectTo({ base }: View, { id }: Token, done?: Done): Page {
  const query = done === undefined ? '' : `?done=${done}`
  return { status: 303, title: '', content: html``, headers: { Location: `${base}/${encodeURIComponent(id)}${query}` } }
}

/** What has been done, by the address of a page. */
export function doneIn(query: string, { status }: Token): Done | null {
  const done = DONE.find((each) => each === new URLSearchParams(query).get('done')) ?? null
  return done === null || (HOLDS[done] ?? status) === status ? done : null
}

const HOLDS: Readonly<Partial<Record<Done, Token['status']>>> = {
  nowSuspended: 'suspended',
  nowActive: 'active',
  nowRevoked: 'revoked',
}
