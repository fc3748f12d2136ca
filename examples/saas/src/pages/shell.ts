import type { Visit } from '../access/visit.ts'
import { mayDo } from '../access/roles.ts'
import { Markup, html } from './html.ts'

const NAME = 'Acme'

/** The document around every page, and around the token page too. */
function shell(visit: Visit | null, main: Markup, head: Markup): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">${head}<link rel="stylesheet" href="/style.css"></head>
<body><a class="skip" href="#content">Skip to the content</a>
<header class="bar"><a class="brand" href="/">${NAME}</a>${visit !== null && signedIn(visit)}</header>
<div id="content" tabindex="-1">${main}</div></body></html>`.text
}

/** A page of the app itself. */
export function page(visit: Visit | null, title: string, content: Markup): string {
  const head = html`<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title} · ${NAME}</title>`
  return shell(visit, html`<main class="page">${content}</main>`, head)
}

/** The token page comes as markup already. */
export function tokenShell(visit: Visit | null, main: string, head: string): string {
  return shell(visit, new Markup(main), new Markup(head))
}

function signedIn({ person, membership }: Visit): Markup {
  const links = membership && [
    html`<a href="/projects">Projects</a><a href="/tokens">API tokens</a>`,
    mayDo(membership.role, 'people:read') && html`<a href="/people">People</a>`,
    mayDo(membership.role, 'audit:read') && html`<a href="/audit">Audit log</a>`,
  ]
  return html`${links && html`<nav aria-label="Main">${links}</nav>`}
<nav aria-label="Account"><a href="/organizations">${membership?.organization ?? 'Organizations'}</a>
<span class="muted">${person.name}</span><form method="post" action="/sign-out"><button>Sign out</button></form></nav>`
}
