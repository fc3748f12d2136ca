import { setUp } from './setup.mjs'

if (process.argv[2] === '--') process.argv.splice(2, 1) // `pnpm start -- --port 4000` passes the separator on, npm does not

setUp()
if (process.env['npm_lifecycle_event'] === 'start') endWithParent()
await import(new URL('../examples/four-apis/dist/server.js', import.meta.url).href)

/** npm hands SIGTERM to its shell, which ends and passes nothing on. */
function endWithParent() {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 200).unref()
}
