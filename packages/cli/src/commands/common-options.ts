import type { Option } from './command.ts'

/** The options of every command. */
export const COMMON: readonly Option[] = [
  { flags: '--tokens <module>', summary: "the app's module that exports `tokens`" },
  { flags: '--redis-url <url>', summary: 'a store on Redis, without such a module' },
  { flags: '--database-url <url>', summary: 'a store on PostgreSQL, or sqlite:FILE' },
  { flags: '--prefix <prefix>', summary: 'the start of the secrets, with a URL' },
  { flags: '--no-audit', summary: 'change something though no audit learns of it, with a URL' },
  { flags: '--actor <name>', summary: 'who does this, for the audit; default the user of the machine' },
  { flags: '--timeout <duration>', summary: 'how long the module and each call of the store may take; default 1m' },
  { flags: '--json', summary: 'one JSON document on stdout' },
  { flags: '--no-color', summary: 'no colours' },
]
