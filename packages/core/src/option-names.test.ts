import { describe, expect, it } from 'vitest'
import { openTokens } from '../testing/open-tokens.ts'
import { OPTION_NAMES } from './option-names.ts'
import type { Inside } from './setup/check-names.ts'
import type { Tokens } from './tokens.ts'

type Call = (tokens: Tokens, options: never) => unknown

/** Calls each verb with options of any kind. */
const CALLS: Readonly<Record<keyof typeof OPTION_NAMES, Call>> = {
  issue: (tokens, options) => tokens.issue(options),
  verify: (tokens, options) => tokens.verify('secret', options),
  verifyNow: (tokens, options) => tokens.verifyNow('secret', options),
  authenticate: (tokens, options) => tokens.authenticate('secret', options),
  checkById: (tokens, options) => tokens.checkById('acme', ID, options),
  introspect: (tokens, options) => tokens.introspect('secret', options),
  watch: (tokens, options) => tokens.watch({ id: ID, owner: 'acme', scopes: [] } as never, options),
  explain: (tokens, options) => tokens.explain('secret', options),
  list: (tokens, options) => tokens.list('acme', options),
  revoke: (tokens, options) => tokens.revoke('acme', ID, options),
  revokeSecret: (tokens, options) => tokens.revokeSecret('secret', options),
  revokeAll: (tokens, options) => tokens.revokeAll('acme', options),
  listUnused: (tokens, options) => tokens.listUnused('acme', options),
  revokeUnused: (tokens, options) => tokens.revokeUnused('acme', options),
  startRevokingUnused: (tokens, options) => tokens.startRevokingUnused(options),
  listExpiring: (tokens, options) => tokens.listExpiring('acme', options),
  announceExpiring: (tokens, options) => tokens.announceExpiring('acme', options),
  startAnnouncingExpiring: (tokens, options) => tokens.startAnnouncingExpiring(options),
  report: (tokens, options) => tokens.report('acme', options),
  suspend: (tokens, options) => tokens.suspend('acme', ID, options),
  resume: (tokens, options) => tokens.resume('acme', ID, options),
  edit: (tokens, request) => tokens.edit('acme', ID, request),
  'edit: options': (tokens, options) => tokens.edit('acme', ID, { name: 'renamed' }, options),
  rotate: (tokens, options) => tokens.rotate('acme', ID, options),
  rotateSecret: (tokens, options) => tokens.rotateSecret('secret', options),
  prune: (tokens, options) => tokens.prune(options),
  startPruning: (tokens, options) => tokens.startPruning(options),
  noteRefusal: (tokens, options) => tokens.noteRefusal('expired', null, options),
  permits: (tokens, options) => tokens.permits({ scopes: [] }, options),
  reportExchange: (tokens, options) => tokens.reportExchange({} as never, options),
  close: (tokens, options) => tokens.close(options),
}

const ID = '00000000-0000-4000-8000-000000000000'
const WITHOUT_OPTIONS = ['ready', 'findById', 'flush', 'get', 'isId', 'missingScopes', 'rules', 'stats', 'usage']

/** What a call throws or rejects with; `null` if it does neither. */
async function faultOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
    return null
  } catch (error) {
    return error
  }
}

/** Every name, each as it is misspelt, the options with it, and the path to it. */
function misspellings(names: Readonly<Record<string, true | Inside>>): [at: string, typo: string, options: object][] {
  return Object.entries(names).flatMap(([name, inside]) => [
    ...[['', `${name}_`, { [`${name}_`]: null }] as [string, string, object]],
    ...(inside === true ? [] : misspellings(inside.names)).map(([at, typo, options]): [string, string, object] => [
      `: ${name}${at}`,
      typo,
      { [name]: inside !== true && inside.list === true ? [options] : options },
    ]),
  ])
}

describe('the options of a verb', () => {
  const rows = Object.entries(OPTION_NAMES).flatMap(([verb, names]) =>
    misspellings(names).map((row) => [verb as keyof typeof CALLS, ...row] as const),
  )

  it('are known by name, every one of every verb', () => {
    const { tokens } = openTokens()
    const verbs = Object.keys(CALLS).filter((verb) => !verb.includes(':'))
    expect([...verbs, ...WITHOUT_OPTIONS].sort()).toEqual(Object.keys(tokens).sort())
    expect(rows.length).toBeGreaterThan(150)
  })

  it.each(rows)(
    'of %s%s are refused with the mistyped name %s, before the store is asked',
    async (verb, at, typo, options) => {
      const { tokens, watched } = openTokens()
      const fault = await faultOf(() => CALLS[verb](tokens, options as never))
      expect(fault).toBeInstanceOf(TypeError)
      expect(fault).toHaveProperty(
        'message',
        expect.stringContaining(`${verb}${at}: unknown option "${typo}"; the options are `),
      )
      expect(fault).toHaveProperty('message', expect.stringContaining(typo.slice(0, -1)))
      expect(watched.calls).toEqual([])
    },
  )

  it.each(Object.keys(CALLS) as (keyof typeof CALLS)[])('of %s are its own, and never inherited', async (verb) => {
    const { tokens, watched } = openTokens()
    const [name = ''] = Object.keys(OPTION_NAMES[verb])
    const fault = await faultOf(() => CALLS[verb](tokens, Object.create({ [name]: [] }) as never))
    expect(fault).toEqual(
      new TypeError(`${verb}: option "${name}" is inherited; give it as an own property of the options`),
    )
    expect(watched.calls).toEqual([])
  })

  it.each(Object.keys(CALLS) as (keyof typeof CALLS)[])('of %s are an object, and of no other kind', async (verb) => {
    const { tokens, watched } = openTokens()
    const others = [
      null,
      'admin',
      7,
      true,
      ['admin'],
      [],
      new Set(['admin']),
      new Map(),
      Promise.resolve({}),
      () => ({}),
    ]
    for (const options of others) {
      const fault = await faultOf(() => CALLS[verb](tokens, options as never))
      expect(fault).toBeInstanceOf(TypeError)
      expect(fault).toHaveProperty('message', expect.stringContaining(`${verb}: options must be an object, got `))
    }
    expect(watched.calls).toEqual([])
  })
})
