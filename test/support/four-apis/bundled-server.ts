import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { root } from '../run-process.ts'

// Where this file is, Node finds libsql, which loads a native library by its own place.
const BUNDLE = join(root, 'test/node_modules/.four-apis.cjs')

let isBundled = false

/**
 * The built `examples/four-apis` in one file, which starts in a third of the time: the tests start it over a hundred times.
 * `test/examples` runs it as it is.
 */
export function bundledServer(): string {
  if (!isBundled) bundle()
  isBundled = true
  return BUNDLE
}

/** Other processes of the tests may do the same, and run it already. */
function bundle(): void {
  const outfile = `${BUNDLE}.${process.pid}`
  const entryPoints = [join(root, 'examples/four-apis/dist/server.js')]
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', external: ['libsql', 'pg-native'] })
  renameSync(outfile, BUNDLE)
}
