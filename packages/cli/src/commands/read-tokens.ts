import { IMPORTED_FROM } from '@tessera/core'
import type { ListOptions, TokenStatus } from '@tessera/core'
import { exitCodes, usage } from '../terminal/exit-codes.ts'
import { readSecret } from '../terminal/read-stdin.ts'
import { tableLines } from '../terminal/table.ts'
import { printable } from '../terminal/width.ts'
import { REPORT_COLUMNS, reportFacts, reportRows } from '../words/describe-report.ts'
import { instant, tokenFacts } from '../words/describe-token.ts'
import { instantIn } from '../words/duration.ts'
import type { Call, Command } from './command.ts'
import { findToken } from './find-token.ts'
import { printToken } from './show-token.ts'

const PAGE = 1_000
const COLUMNS = [
  { title: 'ID' },
  { title: 'NAME', cutTo: 24 },
  { title: 'STATUS' },
  { title: 'SCOPES', cutTo: 24 },
  { title: 'LAST USED', cutTo: 16 },
  { title: 'EXPIRES', cutTo: 16 },
  { title: 'CREATED BY', cutTo: 20 },
]

export const list: Command = {
  name: 'list',
  args: 'OWNER',
  summary: 'list the tokens of an owner, newest first',
  options: [
    { flags: '--status <status>', summary: 'active, suspended, expired or revoked', many: true },
    { flags: '--name <part>', summary: 'a part of the name' },
    { flags: '--created-by <person>', summary: 'made by this person' },
    { flags: '--issued-by <id>', summary: 'made by this token, or by what it made' },
    { flags: '--scope <scope>', summary: 'holding this scope' },
    { flags: '--unused-since <when>', summary: 'not used since: 90d, or a date' },
    { flags: '--expires-before <when>', summary: 'with an end before: 30d, or a date' },
    { flags: '--imported', summary: 'still with a secret of another system' },
    { flags: '--limit <count>', summary: 'at most so many; default all' },
  ],
  access: 'reads',
  async run(call) {
    const { app, args, options, json, print, terminal } = call
    const { tokens } = await app()
    const owner = args[0] ?? ''
    const onlyImported = options.flag('imported')
    const limit = countIn('--limit', options.text('limit'))
    const found = []
    for (let after = null; ; ) {
      const window = { after, limit: Math.min(PAGE, limit - found.length) } as const
      const page = await tokens.list(owner, {
        ...filtersIn(call),
        sort: { by: 'createdAt', direction: 'desc' },
        window,
      })
      found.push(...page.tokens.filter(({ attributes }) => !onlyImported || IMPORTED_FROM in attributes))
      if (page.next === null || found.length >= limit) break
      after = page.next
    }
    if (json) return print(JSON.stringify({ tokens: found.map(tokenFacts) }))
    const rows = found.map(({ id, name, status, scopes, lastUsedAt, expiresAt, createdBy }) => [
      ...[id, name, status, scopes.join(' '), lastUsedAt === null ? 'never' : instant(lastUsedAt)],
      ...[expiresAt === null ? 'never' : instant(expiresAt), createdBy ?? '–'],
    ])
    const columns = terminal.stdout.isTTY === true ? terminal.stdout.columns : undefined
    for (const line of tableLines(COLUMNS, rows, columns)) print(line)
  },
}

export const show: Command = {
  name: 'show',
  args: '[OWNER] ID',
  summary: 'show one token',
  access: 'reads',
  run: async (call) => printToken(call, await findToken(call)),
}

export const report: Command = {
  name: 'report',
  args: 'OWNER',
  summary: 'list the scopes of the tokens of an owner, and which of them nobody asks for',
  options: [{ flags: '--days <count>', summary: 'how many days to look back; default 90' }],
  access: 'reads',
  async run({ app, args, options, json, print, terminal }) {
    const days = countIn('--days', options.text('days') ?? '90')
    if (days > 365) throw usage('--days must be at most 365')
    const { tokens } = await app()
    const reports = await tokens.report(args[0] ?? '', { days })
    if (json) return print(JSON.stringify({ days, tokens: reports.map(reportFacts) }))
    const columns = terminal.stdout.isTTY === true ? terminal.stdout.columns : undefined
    const rows = reports.flatMap((each) => reportRows(each, days))
    for (const line of tableLines(REPORT_COLUMNS, rows, columns)) print(line)
  },
}

export const explain: Command = {
  name: 'explain',
  summary: 'say why a secret, given on stdin, is accepted or refused',
  options: [
    { flags: '--scope <scope>', summary: 'asked of it', many: true },
    { flags: '--ip <address>', summary: 'the address of the client' },
  ],
  access: 'reads',
  async run({ app, terminal, options, json, colours, print }) {
    const { tokens } = await app()
    const secret = await readSecret(terminal)
    const ip = options.text('ip')
    const explained = await tokens.explain(secret, { scopes: options.list('scope'), ...(ip !== undefined && { ip }) })
    if (json) print(JSON.stringify(explained))
    else {
      for (const { check, passed, detail } of explained.checks)
        print(`${passed ? colours.good('✓') : colours.bad('✗')} ${check}: ${printable(detail)}`)
      print(explained.accepted ? 'accepted' : 'refused')
    }
    return explained.accepted ? exitCodes.done : exitCodes.no
  },
}

function filtersIn({ options, now }: Call): ListOptions {
  const statuses = options.list('status')
  const since = options.text('unusedSince')
  const before = options.text('expiresBefore')
  return {
    statuses: statuses.length === 0 ? null : (statuses as readonly TokenStatus[]),
    name: options.text('name') ?? null,
    createdBy: options.text('createdBy') ?? null,
    issuedBy: options.text('issuedBy') ?? null,
    scope: options.text('scope') ?? null,
    unusedSince: since === undefined ? null : instantIn('--unused-since', since, now, -1),
    expiresBefore: before === undefined ? null : instantIn('--expires-before', before, now, 1),
  }
}

function countIn(option: string, text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (!/^[1-9]\d{0,6}$/.test(text)) throw usage(`${option} must be a whole number from 1`)
  return Number(text)
}
