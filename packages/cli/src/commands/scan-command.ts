import { preview } from '@tessera/core'
import { exitCodes, usage } from '../terminal/exit-codes.ts'
import { printable } from '../terminal/width.ts'
import { scanPath } from '../scan/scan-paths.ts'
import type { ScanReport } from '../scan/scan-paths.ts'
import { scanStream } from '../scan/scan-stream.ts'
import type { Finding } from '../scan/scan-stream.ts'
import type { Call, Command } from './command.ts'

const PROGRESS_MS = 100

export const scan: Command = {
  name: 'scan',
  args: '[PATH...]',
  summary: 'find secrets in files, archives, or on stdin: git log -p | tessera scan -',
  options: [
    {
      flags: '--find-prefix <prefix>',
      summary: 'only secrets with this prefix; default that of the tokens, else any',
      many: true,
    },
    { flags: '--revoke', summary: 'end what is found as leaked' },
  ],
  access: 'bare',
  async run(call) {
    const { options, json, print, note } = call
    const report: ScanReport = { files: 0, unreadable: [] }
    const prefixes = options.list('findPrefix')
    const found = new Map<string, Finding[]>()
    for await (const finding of allFindings(call, prefixes.length === 0 ? null : prefixes, report)) {
      const places = found.get(finding.secret)
      if (places === undefined) found.set(finding.secret, [finding])
      else places.push(finding)
      if (!json) print(`${printable(finding.path)}:${finding.line}: ${preview(finding.secret)}`)
      progress(call, report)
    }
    for (const reason of report.unreadable) note(`not read: ${printable(reason)}`)
    const ended = options.flag('revoke') ? await endAll(call, [...found.keys()]) : undefined
    if (json)
      print(
        JSON.stringify({
          findings: [...found].flatMap(([secret, places]) =>
            places.map(({ path, line }) => ({ path, line, preview: preview(secret) })),
          ),
          ...(ended && { ended }),
        }),
      )
    else note(`${found.size} secrets found`)
    return found.size > 0 || report.unreadable.length > 0 ? exitCodes.no : exitCodes.done
  },
}

async function* allFindings({ args, terminal }: Call, prefixes: readonly string[] | null, report: ScanReport) {
  const paths = args.filter((path) => path !== undefined)
  if (paths.length === 0) throw usage('give a path to scan, or - for stdin')
  for (const path of paths) {
    if (path === '-') yield* scanStream('stdin', terminal.stdin, prefixes)
    else yield* scanPath(path, prefixes, report)
  }
}

/** Ends each as leaked, its line and what it issued. */
async function endAll({ app, by, json, print }: Call, secrets: readonly string[]): Promise<readonly string[]> {
  const ended: string[] = []
  for (const secret of secrets) {
    const revoked = await (await app()).tokens.revokeSecret(secret, { by, reason: 'leaked', issued: true })
    if (revoked === null) continue
    ended.push(revoked.token.id, ...revoked.ended)
    if (!json) print(`${revoked.token.id} is revoked as leaked, and ${revoked.ended.length} with it`)
  }
  return ended
}

let shownAt = 0

/** On a terminal only, and ten times a second at most. */
function progress({ terminal: { stderr } }: Call, { files }: ScanReport): void {
  const now = performance.now()
  if (stderr.isTTY !== true || now - shownAt < PROGRESS_MS) return
  shownAt = now
  stderr.write(`\r${files} files\r`)
}
