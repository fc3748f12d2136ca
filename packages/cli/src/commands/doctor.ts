import { dirname } from 'node:path'
import { checkOwner, checkStore } from '../doctor/check-app.ts'
import { checkVersions } from '../doctor/versions.ts'
import { exitCodes } from '../terminal/exit-codes.ts'
import { printable } from '../terminal/width.ts'
import type { Command } from './command.ts'

export const doctor: Command = {
  name: 'doctor',
  args: '[OWNER...]',
  summary: 'look for what would hurt: versions, store, clock, feed, and tokens of owners',
  access: 'reads',
  async run({ app, args, terminal, json, colours, print, now }) {
    const opened = await app()
    const owners = args.filter((owner) => owner !== undefined)
    const found = [
      ...checkVersions(opened.hasAudit ? dirname(opened.from) : terminal.cwd),
      ...(await checkStore(opened, () => Date.now())),
      ...(await Promise.all(owners.map((owner) => checkOwner(opened, owner, now)))).flat(),
    ]
    if (json) print(JSON.stringify({ checks: found }))
    else
      for (const { check, ok, detail } of found)
        print(`${ok ? colours.good('✓') : colours.bad('✗')} ${check}: ${printable(detail)}`)
    return found.every(({ ok }) => ok) ? exitCodes.done : exitCodes.no
  },
}
