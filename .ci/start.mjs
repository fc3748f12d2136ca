import { setUp } from './setup.mjs'

/** `npm start` and `npm run saas`. */
const SCRIPTS = new Set(['start', 'saas'])

const example = process.argv[2] === 'saas' ? process.argv.splice(2, 1)[0] : 'four-apis'
if (process.argv[2] === '--') process.argv.splice(2, 1) // `pnpm start -- --port 4000` passes the separator on, npm does not

setUp()
if (SCRIPTS.has(process.env['npm_lifecycle_event'] ?? '')) endWithParent()
await import(new URL(`../examples/${example}/dist/server.js`, import.meta.url).href)

/** npm hands SIGTERM to its shell, which ends and passes nothing on. */
function endWithParent() {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 200).unref()
}
