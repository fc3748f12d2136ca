import { setUp } from './setup.mjs'

if (process.argv[2] === '--') process.argv.splice(2, 1) // `pnpm start -- --port 4000` passes the separator on, npm does not

setUp()
await import(new URL('../examples/four-apis/dist/server.js', import.meta.url).href)
