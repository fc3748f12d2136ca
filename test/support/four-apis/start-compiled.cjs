const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { Script, constants } = require('node:vm')

// Runs the bundle beside this file. The first process that ends leaves what V8 compiled of it to those that follow.

const bundle = __filename.replace(/\.cjs$/, '.js')
const kept = __filename.replace(/\.cjs$/, `.${process.version}.compiled`)
const source = readFileSync(bundle, 'utf8')
const cachedData = existsSync(kept) ? readFileSync(kept) : undefined
const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename: bundle,
  cachedData,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
script.runInThisContext()(exports, require, module, bundle, __dirname)

if (cachedData === undefined) process.once('exit', keep)

function keep() {
  const own = `${kept}.${process.pid}`
  writeFileSync(own, script.createCachedData())
  renameSync(own, kept)
}
