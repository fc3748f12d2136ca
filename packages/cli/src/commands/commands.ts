import { prune, migrate, resume, revoke, revokeAll, suspend } from './change-token.ts'
import type { Command } from './command.ts'
import { COMMON } from './common-options.ts'
import { completionOf } from './completion.ts'
import { doctor } from './doctor.ts'
import { init } from './init.ts'
import { issue, rotate } from './issue-token.ts'
import { exportAll, importFile } from './move-tokens.ts'
import { explain, list, report, show } from './read-tokens.ts'
import { scan } from './scan-command.ts'
import { rules } from './scanner-rules.ts'

const CHANGING = [revoke, revokeAll, suspend, resume, rotate, prune, migrate]
const ALL = [init, issue, list, show, explain, report, ...CHANGING, importFile, exportAll, doctor, scan, rules]

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [...ALL, completionOf(ALL, COMMON)]
