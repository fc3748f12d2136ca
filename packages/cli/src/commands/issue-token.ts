import { usage } from '../terminal/exit-codes.ts'
import { needWritten } from '../terminal/need-written.ts'
import { durationIn, instantIn } from '../words/duration.ts'
import type { Call, Command } from './command.ts'
import { findToken } from './find-token.ts'
import { tokenFacts } from '../words/describe-token.ts'
import type { Issued } from '@tessera/core'

export const issue: Command = {
  name: 'issue',
  args: 'OWNER',
  summary: 'issue a token; its secret alone is on stdout',
  options: [
    { flags: '--name <name>', summary: 'what it is for' },
    { flags: '--scope <scope>', summary: 'what it may do', many: true },
    {
      flags: '--expires <when>',
      summary: '30d, a date (to its end, UTC), or never; default by the rules of the tokens',
    },
    { flags: '--created-by <person>', summary: 'whose it is; default whoever runs this' },
    { flags: '--network <cidr>', summary: 'where it may be used from; default anywhere', many: true },
  ],
  access: 'changes',
  async run(call) {
    const { app, args, options, by } = call
    const { tokens } = await app()
    const name = options.text('name')
    if (name === undefined) throw usage('--name is needed: what the token is for')
    const networks = options.list('network')
    const issued = await tokens.issue({
      owner: args[0] ?? '',
      name,
      scopes: options.list('scope'),
      expiresAt: expiryIn(call),
      networks: networks.length === 0 ? null : networks,
      createdBy: options.text('createdBy') ?? by,
      by,
    })
    await printSecret(call, issued, 'issued')
  },
}

export const rotate: Command = {
  name: 'rotate',
  args: '[OWNER] ID',
  summary: 'replace a token; the secret of its successor alone is on stdout',
  options: [{ flags: '--overlap <duration>', summary: 'how long the old secret works on: 0s to 30d; default 1d' }],
  access: 'changes',
  async run(call) {
    const { app, options, by } = call
    const { owner, id } = await findToken(call)
    const overlap = options.text('overlap')
    const { tokens } = await app()
    const rotated = await tokens.rotate(owner, id, {
      by,
      ...(overlap !== undefined && { overlapMs: durationIn('--overlap', overlap) }),
    })
    await printSecret(call, rotated, 'rotated to')
  },
}

/** The secret alone on stdout, so that it can be piped on; everything else on stderr. */
async function printSecret(call: Call, { token, secret }: Issued, done: string): Promise<void> {
  const { json, print, note, terminal } = call
  const end = token.expiresAt === null ? 'without an end' : `until ${token.expiresAt.toISOString()}`
  if (!json) note(`${done} ${token.id}, ${token.preview}, ${end}`)
  print(json ? JSON.stringify({ token: tokenFacts(token), secret }) : secret)
  await needWritten(terminal, `the secret of ${token.id} is lost, revoke it:`)
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** A date is meant with its whole day, as on the page. */
function expiryIn({ options, now }: Call): Date | null | undefined {
  const text = options.text('expires')
  if (text === undefined) return undefined
  if (text === 'never') return null
  const instant = instantIn('--expires', text, now, 1)
  return DATE.test(text) ? new Date(`${text}T23:59:59.999Z`) : instant
}
