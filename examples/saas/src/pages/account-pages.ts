import { LONGEST, SHORTEST } from '../access/passwords.ts'
import { html } from './html.ts'
import type { Markup } from './html.ts'

/** What a form showed when it was refused, to be shown again. Never a password. */
export interface Sent {
  readonly problem?: string
  readonly name?: string
  readonly email?: string
  readonly organization?: string
  /** The code of the invitation that the person came by. */
  readonly invitation?: string | null
}

export function signUpPage(sent: Sent): Markup {
  const { name = '', email = '', organization = '', invitation = null } = sent
  return html`<div class="narrow"><h1>Create an account</h1>${refusal(sent)}
<section class="card"><form method="post" action="/sign-up">
<div><label for="name">Your name</label><input id="name" name="name" autocomplete="name" required maxlength="100" value="${name}"></div>
<div><label for="email">Email</label><input id="email" name="email" type="email" autocomplete="username" required maxlength="200" value="${email}"></div>
<div><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password" required minlength="${SHORTEST}" maxlength="${LONGEST}" aria-describedby="rule">
<span id="rule" class="muted">At least ${SHORTEST} characters. A sentence is good.</span></div>
${
  invitation === null
    ? html`<div><label for="organization">Organization</label><input id="organization" name="organization" autocomplete="organization" required maxlength="100" value="${organization}"></div>`
    : invitationField(invitation)
}<button class="primary">Create account</button></form></section>
<p>You have an account? <a href="/sign-in${invitation !== null && `?invitation=${invitation}`}">Sign in</a></p></div>`
}

export function signInPage(sent: Sent): Markup {
  const { email = '', invitation = null } = sent
  return html`<div class="narrow"><h1>Sign in</h1>${refusal(sent)}
<section class="card"><form method="post" action="/sign-in">
<div><label for="email">Email</label><input id="email" name="email" type="email" autocomplete="username" required maxlength="200" value="${email}"></div>
<div><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="${LONGEST}"></div>
${invitation !== null && invitationField(invitation)}<button class="primary">Sign in</button></form></section>
<p>You are new here? <a href="/sign-up${invitation !== null && `?invitation=${invitation}`}">Create an account</a></p></div>`
}

export function messagePage(title: string, text: string): Markup {
  return html`<h1>${title}</h1><p>${text}</p><p><a href="/">Go on</a></p>`
}

function refusal({ problem }: Sent): Markup | null {
  return problem === undefined ? null : html`<p class="card problem" role="alert">${problem}</p>`
}

function invitationField(code: string): Markup {
  return html`<input type="hidden" name="invitation" value="${code}">`
}
