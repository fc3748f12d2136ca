import { exitCodes, refuse, usage } from '../terminal/exit-codes.ts'
import { confirm } from '../terminal/confirm.ts'
import { readSecret } from '../terminal/read-stdin.ts'
import { durationIn, instantIn } from '../words/duration.ts'
import { tokenFacts } from '../words/describe-token.ts'
import type { Revoked, RevokeAllOptions, Token } from '@tessera/core'
import type { Call, Command } from './command.ts'
import { findToken } from './find-token.ts'
import { printToken } from './show-token.ts'

const LEAKED = { reason: 'leaked', issued: true } as const

/** It asks nothing: it is for the emergency. */
export const revoke: Command = {
  name: 'revoke',
  args: '[OWNER] [ID]',
  summary: 'revoke a token, by id or by its secret on stdin',
  options: [{ flags: '--leaked', summary: 'its secret has leaked: end its whole line, and what it issued' }],
  access: 'changes',
  async run(call) {
    const { app, args, options, by, terminal } = call
    const { tokens } = await app()
    const how = { by, ...(options.flag('leaked') && LEAKED) }
    if (args.every((each) => each === undefined)) {
      const revoked = await tokens.revokeSecret(await readSecret(terminal), how)
      if (revoked === null) throw refuse('there is no token with this secret')
      return printRevoked(call, revoked)
    }
    const { owner, id } = await findToken(call)
    return printRevoked(call, await tokens.revoke(owner, id, how))
  },
}

export const revokeAll: Command = {
  name: 'revoke-all',
  args: 'OWNER',
  summary: 'revoke all tokens of an owner, or those that meet every condition',
  options: [
    { flags: '--created-by <person>', summary: 'made by this person' },
    { flags: '--issued-by <id>', summary: 'made by this token, or by what it made' },
    { flags: '--created-before <when>', summary: 'older than: 30d, or a date' },
    { flags: '--scope <scope>', summary: 'granted this very scope' },
    { flags: '--except <id>', summary: 'spare this one' },
    { flags: '--dry-run', summary: 'only say how many there are' },
    { flags: '--yes', summary: 'do not ask' },
  ],
  access: 'changes',
  async run(call) {
    const { app, args, options, by, json, print, terminal } = call
    const { tokens } = await app()
    const owner = args[0] ?? ''
    const conditions = conditionsIn(call)
    const count = await countMeant(call, owner, conditions)
    if (options.flag('dryRun'))
      return print(json ? JSON.stringify({ wouldRevoke: count }) : `${count} tokens would be revoked`)
    await confirm(terminal, `This revokes ${count} tokens of ${owner} for ever.`, owner, options.flag('yes'))
    const { revoked } = await tokens.revokeAll(owner, { ...conditions, by })
    print(json ? JSON.stringify({ revoked }) : `${revoked} tokens are revoked`)
  },
}

export const suspend: Command = {
  name: 'suspend',
  args: '[OWNER] ID',
  summary: 'refuse a token until it is resumed',
  access: 'changes',
  async run(call) {
    const { owner, id } = await findToken(call)
    printToken(call, (await (await call.app()).tokens.suspend(owner, id, { by: call.by })).token)
  },
}

export const resume: Command = {
  name: 'resume',
  args: '[OWNER] ID',
  summary: 'accept a suspended token again',
  access: 'changes',
  async run(call) {
    const { owner, id } = await findToken(call)
    printToken(call, (await (await call.app()).tokens.resume(owner, id, { by: call.by })).token)
  },
}

export const prune: Command = {
  name: 'prune',
  summary: 'remove the records of tokens that ended long ago',
  options: [
    { flags: '--keep <duration>', summary: 'how long an ended token is kept; default that of the tokens' },
    { flags: '--yes', summary: 'do not ask' },
  ],
  access: 'changes',
  async run({ app, options, by, json, print, terminal }) {
    const { tokens } = await app()
    const keep = options.text('keep')
    const keepMs = keep === undefined ? undefined : durationIn('--keep', keep)
    await confirm(terminal, `This removes ended tokens of all owners for ever.`, 'prune', options.flag('yes'))
    const removed = await tokens.prune({ by, ...(keepMs !== undefined && { keepMs }) })
    print(json ? JSON.stringify({ removed }) : `${removed} records are removed`)
  },
}

export const migrate: Command = {
  name: 'migrate',
  summary: 'make or update the tables of a store',
  options: [{ flags: '--dry-run', summary: 'only print the SQL' }],
  access: 'changes',
  async run({ app, options, json, print }) {
    const { migrate: run, from } = await app()
    if (run === null)
      throw usage(
        `nothing to migrate with ${from}: name PostgreSQL by --database-url, or export \`migrate\` beside \`tokens\``,
      )
    const done = await run(options.flag('dryRun'))
    print(json ? JSON.stringify({ migrated: done }) : done)
  },
}

function printRevoked(call: Call, { token, ended }: Revoked): number {
  if (call.json) call.print(JSON.stringify({ token: tokenFacts(token), ended }))
  else {
    call.print(`${token.id} ${token.preview} is revoked${token.revokedReason === 'leaked' ? ' as leaked' : ''}`)
    for (const id of ended) call.print(`${id} ended with it`)
  }
  return exitCodes.done
}

function conditionsIn({ options, now }: Call): RevokeAllOptions {
  const before = options.text('createdBefore')
  return {
    createdBy: options.text('createdBy'),
    issuedBy: options.text('issuedBy'),
    scope: options.text('scope'),
    exceptId: options.text('except'),
    issuedBefore: before === undefined ? undefined : instantIn('--created-before', before, now, -1),
  }
}

/** How many tokens meet the conditions at this moment. */
async function countMeant({ app }: Call, owner: string, conditions: RevokeAllOptions): Promise<number> {
  const { createdBy = null, issuedBy = null, scope, exceptId, issuedBefore = null } = conditions
  const { tokens } = await app()
  if (exceptId !== undefined && !tokens.isId(exceptId)) throw usage('--except must be the id of a token')
  const filters = { createdBy, issuedBy, scope: scope ?? null, createdBefore: issuedBefore }
  const listed = await tokens.list(owner, { ...filters, statuses: ['active', 'suspended', 'expired'], window: 'all' })
  // A scope counts to the letter here; the list takes a wildcard that permits it too.
  const isMeant = ({ id, scopes }: Token) => id !== exceptId && (scope === undefined || scopes.includes(scope))
  return listed.tokens.filter(isMeant).length
}
