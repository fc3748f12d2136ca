import { betterAuth } from './better-auth.ts'
import { drfApiKey } from './drf-api-key.ts'
import { gitlab } from './gitlab.ts'
import { hashedColumn } from './hashed-column.ts'
import { knox } from './knox.ts'
import { prefixedApiKey } from './prefixed-api-key.ts'
import { deviseRow, secureToken } from './rails.ts'
import { sanctum } from './sanctum.ts'
import type { LegacySystem } from './system.ts'
import { unkey } from './unkey.ts'

const devise: LegacySystem = { name: 'devise', read: () => null, row: (row) => deviseRow(row) }

/** The systems by name, with the columns that they have by default: for an import without code. */
export const formats: ReadonlyMap<string, LegacySystem> = new Map(
  [
    sanctum(),
    knox(),
    drfApiKey(),
    betterAuth(),
    unkey(),
    gitlab(),
    secureToken(),
    devise,
    prefixedApiKey(),
    hashedColumn({ split: () => null }),
  ].map((system) => [system.name, system]),
)
