import { html } from '../html/html.ts'
import type { Html, Part } from '../html/html.ts'
import type { ExpiryChoices } from '../forms/expiry-choices.ts'
import type { ScopeChoice } from '../forms/scope-choices.ts'
import type { View } from './view.ts'

const SEARCHED_FROM = 12

/** Keeps a form that is sent twice from having two effects. */
export function keyField(key: string): Html {
  return html`<input type="hidden" name="key" value="${key}">`
}

/** Names the owner of the form: another tab may choose another one. */
export function ownerField({ caller }: View): Html {
  return html`<input type="hidden" name="owner" value="${caller.owner}">`
}

/** Ties a field to its hint, and one that was refused to the reason above the form. */
function described(hint: string, isWrong: boolean): Html {
  return html`aria-describedby="${isWrong && 'problem '}${hint}"${isWrong && html` aria-invalid="true"`}`
}

export function nameField({ words }: View, name: string, isWrong: boolean): Html {
  return html`<div class="field"><label for="name">${words.say('name')}</label>
<input id="name" name="name" required maxlength="255" autocomplete="off" dir="auto" value="${name}" ${described('name-hint', isWrong)}>
<span class="hint" id="name-hint">${words.say('nameHint')}</span></div>`
}

/** A scope that the person may not choose cannot be added, whatever is in `chosen`. */
export function scopesField(
  { words }: View,
  choices: readonly ScopeChoice[],
  chosen: readonly string[],
  isWrong: boolean,
): Html {
  const box = ({ scope, allows, isOpen }: ScopeChoice, index: number) => {
    const isChosen = isOpen && chosen.includes(scope)
    return html`<div class="choice"><input type="checkbox" id="scope-${index}" name="scopes" value="${scope}"${isChosen && html` checked`}${!isOpen && html` disabled`}>
<label for="scope-${index}"><code>${scope}</code>${allows !== '' && html`<span class="below muted" dir="auto">${allows}</span>`}${!isOpen && html`<span class="below hint">${words.say('notYours')}</span>`}</label></div>`
  }
  return html`<fieldset aria-describedby="${isWrong && 'problem '}scopes-hint"><legend>${words.say('scopes')}</legend><p class="hint" id="scopes-hint">${words.say('scopesHint')}</p>
${
  choices.length >= SEARCHED_FROM &&
  html`<div class="field" hidden><label for="find-scope">${words.say('findScope')}</label><input id="find-scope" type="search" autocomplete="off" data-scopes="scopes" data-status="found"><span class="hint" id="found" role="status"></span></div>`
}<div class="scopes" id="scopes" tabindex="0" role="group" aria-label="${words.say('scopes')}">${choices.map(box)}</div></fieldset>`
}

/** @param unchanged The choice of leaving it as it is, if there is one. */
export function expiryField(
  { words, now }: View,
  { days, never }: ExpiryChoices,
  chosen: { readonly choice: string; readonly date: string },
  isWrong: boolean,
  unchanged?: Part,
): Html {
  const radio = (value: string, text: Part, hint?: Part) =>
    html`<div class="choice"><input type="radio" id="expiry-${value}" name="expiry" value="${value}" required${chosen.choice === value && html` checked`}>
<label for="expiry-${value}">${text}${hint !== undefined && html`<span class="below hint">${hint}</span>`}</label></div>`
  return html`<fieldset data-dated${isWrong && html` aria-describedby="problem"`}><legend>${words.say('expiry')}</legend>
${unchanged !== undefined && radio('same', unchanged)}${days.map((each) => radio(String(each), words.count('inDays', each)))}${radio('date', words.say('onDate'))}
<div class="field" data-date><label for="date">${words.say('date')}</label><input id="date" name="date" type="date" min="${new Date(now).toISOString().slice(0, 10)}" value="${chosen.date}" ${described('date-hint', isWrong)}>
<span class="hint" id="date-hint">${words.say('dateHint')}</span></div>${never && radio('never', words.say('noExpiry'), words.say('noExpiryHint'))}</fieldset>`
}

export function networksField({ words }: View, networks: string, isWrong: boolean): Html {
  return html`<div class="field"><label for="networks">${words.say('networks')}</label>
<textarea id="networks" name="networks" rows="3" spellcheck="false" autocomplete="off" dir="ltr" ${described('networks-hint', isWrong)}>
${networks}</textarea><span class="hint" id="networks-hint">${words.say('networksHint')}</span></div>`
}
