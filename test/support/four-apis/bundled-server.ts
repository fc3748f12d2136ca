import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { root } from '../run-process.ts'

// Where this folder is, Node finds libsql, which loads a native library by its own place.
const FOLDER = join(root, 'test/node_modules')
const NAME = '.four-apis-'

let bundle: string | undefined

/** The path of the built `examples/four-apis` in one file. */
export function serverBundle(): string {
  bundle ??= makeBundle()
  return bundle
}

/**
 * The program that runs it as it was compiled before, which starts in a third of the time of the example: the tests start
 * it over a hundred times. `test/examples` runs the example as it is.
 */
export function bundledServer(): string {
  return serverBundle().replace(/\.js$/, '.cjs')
}

/** Its name tells its content: what was compiled of another one is never taken for it. */
function makeBundle(): string {
  const text = bundleText()
  const name = `${NAME}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  const file = join(FOLDER, `${name}.js`)
  if (existsSync(file)) return file
  for (const former of readdirSync(FOLDER)) {
    if (former.startsWith(NAME) && !former.startsWith(name)) rmSync(join(FOLDER, former))
  }
  copyFileSync(join(import.meta.dirname, 'start-compiled.cjs'), join(FOLDER, `${name}.cjs`))
  // Other processes of the tests may do the same, and run it already.
  writeFileSync(`${file}.${process.pid}`, text)
  renameSync(`${file}.${process.pid}`, file)
  return file
}

function bundleText(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'examples/four-apis/dist/server.js')],
    write: false,
    bundle: true,
    platform: 'node',
    external: ['libsql', 'pg-native'],
  })
  return outputFiles[0]?.text ?? ''
}
