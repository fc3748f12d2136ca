import { provideBrowser } from './browser.mjs'
import { provideHyperscan } from './hyperscan.mjs'
import { providePostgres } from './postgres.mjs'
import { provideRedis } from './redis.mjs'
import { root, setUp } from './setup.mjs'

if (process.argv[2] === '--') process.argv.splice(2, 1) // `pnpm test -- core` passes the separator on, npm does not

setUp()
provideRedis()
providePostgres()
provideBrowser()
provideHyperscan()
process.chdir(root)
process.argv.splice(2, 0, 'run')
// In this process, so that signals and the exit code are vitest's own.
await import(new URL('../node_modules/vitest/vitest.mjs', import.meta.url).href)
