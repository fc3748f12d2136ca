import { ROLES, mayDo, mayManage } from '../access/roles.ts'
import type { Role } from '../access/roles.ts'
import type { Visit } from '../access/visit.ts'
import type { AuditEntry } from '../data/audit.ts'
import type { Invitation } from '../data/invitations.ts'
import type { Membership } from '../data/memberships.ts'
import type { Project } from '../data/projects.ts'
import { html } from './html.ts'
import type { Markup } from './html.ts'

/** Names the organization that the form was opened in: another tab may choose another one. */
function inOrganization({ organizationId }: Membership): Markup {
  return html`<input type="hidden" name="organization" value="${organizationId}">`
}

export function projectsPage(own: Membership, projects: readonly Project[]): Markup {
  return html`<h1>Projects</h1><p class="muted">Start them here, or by the API with a token.</p>
${projects.length > 0 && html`<ul class="list" aria-label="Projects">${projects.map(({ name }) => html`<li>${name}</li>`)}</ul>`}
<section class="card"><form class="inline" method="post" action="/projects">${inOrganization(own)}
<div class="grow"><label for="name">Name of the project</label><input id="name" name="name" required maxlength="100"></div>
<button class="primary">Start project</button></form></section>`
}

/** A person of the organization, with the number of their active tokens. */
export interface Member extends Membership {
  readonly tokens: number
}

/** @param invited The link of a new invitation: it is shown this once. */
export function peoplePage(own: Membership, members: readonly Member[], invited: string | null): Markup {
  return html`<h1>People of ${own.organization}</h1>
<p class="muted">A token may do what its person may do, and no more. With the person it goes.</p>
${
  invited !== null &&
  html`<section class="card notice" role="status"><label for="link">Invitation</label><input id="link" readonly value="${invited}">
<p class="muted">Send this link to one person. It works once, for a week, and is not shown again.</p></section>`
}
<ul class="list" aria-label="People">${members.map((member) => memberRow(own, member))}</ul>
<section class="card"><form class="inline" method="post" action="/people/invite">${inOrganization(own)}
${roleChoice(own.role, 'member', 'Role of the invited person')}<button class="primary">Invite somebody</button></form></section>`
}

function memberRow(own: Membership, { id, name, email, role, tokens }: Member): Markup {
  const may = mayManage(own.role, role)
  return html`<li><div><strong>${name}</strong> <span class="muted">${email}</span><br>
<span class="muted">${role}, ${tokens === 1 ? '1 active token' : `${tokens} active tokens`}</span></div>
${
  may &&
  html`<div class="inline"><form class="inline" method="post" action="/people/${id}/role">${roleChoice(own.role, role, `Role of ${name}`, id)}<button aria-label="Change role of ${name}">Change role</button></form>
<details><summary>End access</summary><div class="inline">
<form method="post" action="/people/${id}/revoke-tokens"><button class="danger">Revoke the tokens of ${name}</button></form>
<form method="post" action="/people/${id}/remove"><button class="danger">Remove ${name}</button></form></div></details></div>`
}</li>`
}

/** The roles that somebody may give. */
function roleChoice(own: Role, chosen: Role, label: string, id: string | null = null): Markup {
  const field = id === null ? 'role' : `role-${id}`
  const roles = ROLES.filter((role) => mayManage(own, role))
  const option = (role: Role) => html`<option${role === chosen && html` selected`}>${role}</option>`
  return html`<div><label for="${field}">${label}</label><select id="${field}" name="role">${roles.map(option)}</select></div>`
}

export function auditPage(entries: readonly AuditEntry[]): Markup {
  const row = ({ at, type, actor, about, ip, details }: AuditEntry) =>
    html`<tr><td>${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}</td><td>${type.replaceAll('_', ' ')}</td>
<td data-label="By">${actor}</td><td data-label="About">${about !== null && html`<code>${about}</code> `}<span class="muted">${reasonIn(details)}</span></td><td data-label="From">${ip}</td></tr>`
  return html`<h1>Audit log</h1><p class="muted">The newest hundred events. Times are UTC.</p>
<table aria-label="Audit log"><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">By</th><th scope="col">About</th><th scope="col">From</th></tr></thead>
<tbody>${entries.map(row)}</tbody></table>`
}

function reasonIn(details: string): string {
  const { name, reason, role, from, to } = JSON.parse(details) as Readonly<Record<string, string | undefined>>
  return from === undefined ? (name ?? reason ?? role ?? '') : `from ${from} to ${to}`
}

export function organizationsPage({ person, membership }: Visit): Markup {
  const row = ({ organizationId, organization, role, id }: Membership) =>
    html`<li><div><strong>${organization}</strong> <span class="muted">${role}</span></div>
${
  id === membership?.id
    ? html`<span class="muted">You are here</span>`
    : html`<form method="post" action="/organizations/${organizationId}/switch"><button>Switch to ${organization}</button></form>`
}</li>`
  return html`<h1>Your organizations</h1>
${
  person.memberships.length > 0
    ? html`<ul class="list" aria-label="Your organizations">${person.memberships.map(row)}</ul>`
    : html`<p>You belong to none. Start one, or ask for an invitation.</p>`
}
${
  membership !== null &&
  mayDo(membership.role, 'organization:write') &&
  html`<section class="card"><form class="inline" method="post" action="/organizations/rename">${inOrganization(membership)}
<div class="grow"><label for="rename">Name of ${membership.organization}</label><input id="rename" name="name" required maxlength="100" value="${membership.organization}"></div><button>Rename</button></form></section>`
}<section class="card"><form class="inline" method="post" action="/organizations">
<div class="grow"><label for="name">Name of a new organization</label><input id="name" name="name" required maxlength="100"></div>
<button class="primary">Start organization</button></form></section>`
}

export function invitationPage(code: string, { organization, role }: Invitation, isSignedIn: boolean): Markup {
  return html`<h1>Join ${organization}</h1><p>You are invited to ${organization} as ${role}.</p>
${
  isSignedIn
    ? html`<form method="post" action="/invitations/${code}"><button class="primary">Join ${organization}</button></form>`
    : html`<p><a href="/sign-up?invitation=${code}">Create an account</a> or <a href="/sign-in?invitation=${code}">sign in</a>.</p>`
}`
}
