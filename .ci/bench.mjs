import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { providePostgres } from './postgres.mjs'
import { provideRedis } from './redis.mjs'
import { root, setUp } from './setup.mjs'

if (process.argv[2] === '--') process.argv.splice(2, 1) // `pnpm bench -- redis` passes the separator on, npm does not

setUp()
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const built = spawnSync(process.execPath, [tsc, '-p', join(root, 'test', 'bench')], { stdio: ['ignore', 2, 2] })
if (built.status !== 0) process.exit(1)
provideRedis()
providePostgres()
process.chdir(root)
// In this process: it imports the packages as they are built, by their names.
await import(new URL('../test/bench/dist/bench/main.js', import.meta.url).href)
