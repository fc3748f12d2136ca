import { preview } from '@tessera/core'
import { exitCodes, usage } from '../terminal/exit-codes.ts'
import { createProgress } from '../terminal/progress.ts'
import { printable } from '../terminal/width.ts'
import { lineOf } from '../terminal/line-of.ts'
import { scanBytes } from '../scan/scan-bytes.ts'
import { maskSecrets } from '@tessera/leaks'
import { needPaths, scanPath } from '../scan/scan-paths.ts'
import type { Scan } from '../scan/scan-report.ts'
import type { App } from '../tokens/app.ts'
import type { Finding } from '../scan/scan-stream.ts'
import type { Call, Command } from './command.ts'
import { givenPrefixes } from './given-prefixes.ts'

export const scan: Command = {
  name: 'scan',
  args: '[PATH...]',
  summary: 'find secrets in files, archives, or on stdin: git log -p | tessera scan -',
  options: [
    {
      flags: '--find-prefix <prefix>',
      summary: 'only secrets with this prefix; default any',
      many: true,
    },
    { flags: '--revoke', summary: 'end what is found as leaked' },
  ],
  access: 'bare',
  async run(call) {
    const { options, json, print, note } = call
    const paths = call.args.filter((path) => path !== undefined)
    if (paths.length === 0) throw usage('give a path to scan, or - for stdin')
    const report: Scan = { prefixes: prefixesIn(call), files: 0, unreadable: [] }
    await needPaths(paths.filter((path) => path !== '-'))
    // A scan may take long. A missing module is said before it.
    const app = options.flag('revoke') ? await call.app() : null
    const found = new Map<string, Finding[]>()
    const progress = createProgress(call.terminal)
    for await (const finding of allFindings(call, paths, report)) {
      const places = found.get(finding.secret)
      if (places === undefined) found.set(finding.secret, [finding])
      else places.push(finding)
      if (!json) print(`${placeOf(finding)}: ${preview(finding.secret)}`)
      progress(`${report.files} files`)
    }
    const notRead = report.unreadable.map((reason) => printable(maskSecrets(reason, null)))
    for (const reason of notRead) note(`not read: ${reason}`)
    const ending = app && (await endAll(call, app, [...found.keys()]))
    if (json) print(JSON.stringify({ findings: documentOf(found), unreadable: notRead, ...ending }))
    else note(`${found.size} secrets found`)
    if (ending !== null && ending.failed.length > 0) return exitCodes.store
    return found.size > 0 || notRead.length > 0 ? exitCodes.no : exitCodes.done
  },
}

function prefixesIn({ options }: Call): readonly string[] | null {
  const prefixes = givenPrefixes(options)
  return prefixes.length === 0 ? null : prefixes
}

async function* allFindings({ terminal }: Call, paths: readonly string[], report: Scan) {
  for (const path of paths) {
    // A pipe may stay open: its first piece tells the kind.
    if (path === '-') yield* scanBytes('stdin', terminal.stdin, report, { atLeast: 1 })
    else yield* scanPath(path, report)
  }
}

function placeOf({ path, line }: Finding): string {
  return `${printable(maskSecrets(path, null))}:${line ?? ' in the name'}`
}

function documentOf(found: ReadonlyMap<string, readonly Finding[]>): readonly object[] {
  return [...found].flatMap(([secret, places]) =>
    places.map(({ path, line }) => ({ path: maskSecrets(path, null), line, preview: preview(secret) })),
  )
}

interface Ending {
  /** The ids of the tokens that ended. */
  readonly ended: readonly string[]
  /** The previews of secrets that may still work. */
  readonly failed: readonly string[]
}

/** Ends each as leaked, its line and what it issued. Goes on after a failure. */
async function endAll({ by, json, print, note }: Call, { tokens }: App, secrets: readonly string[]): Promise<Ending> {
  const [ended, failed]: [string[], string[]] = [[], []]
  for (const secret of secrets) {
    try {
      const revoked = await tokens.revokeSecret(secret, { by, reason: 'leaked', issued: true })
      if (revoked === null) continue
      ended.push(revoked.token.id, ...revoked.ended)
      if (!json) print(`${revoked.token.id} is revoked as leaked, and ${revoked.ended.length} with it`)
    } catch (error) {
      failed.push(preview(secret))
      note(`not revoked: ${preview(secret)}: ${lineOf(error)}`)
    }
  }
  return { ended, failed }
}
