import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ownFolder } from './own-folder.ts'
import { postgresProgram, serverUser } from './programs.ts'

const run = promisify(execFile)

const CACHE = join(process.cwd(), 'node_modules/.cache/tessera-postgres')
// Text is compared as English by default, so that a statement which forgets to ask for bytes shows.
const OPTIONS = [
  ...['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'],
  ...['--locale=C', '--locale-provider=icu', '--icu-locale=en'],
]

/** Fills a folder as `initdb` does, in a tenth of its time: that runs once for each version, and is copied. */
export async function copyTemplate(target: string): Promise<void> {
  const template = await templatePath()
  await access(template).catch(() => makeTemplate(template))
  await run('cp', ['-a', template, target])
}

async function templatePath(): Promise<string> {
  const initdb = postgresProgram('initdb')
  const { mtimeMs } = await stat(initdb)
  const version = createHash('sha256')
    .update([initdb, mtimeMs, serverUser?.uid, ...OPTIONS].join('\0'))
    .digest('hex')
  return join(CACHE, version.slice(0, 16))
}

async function makeTemplate(template: string): Promise<void> {
  const folder = await ownFolder('initdb')
  try {
    const data = join(folder, 'data')
    await run(postgresProgram('initdb'), [...OPTIONS, data], { cwd: folder, ...serverUser })
    await mkdir(dirname(template), { recursive: true })
    const copy = join(await mkdtemp(`${template}-`), 'data')
    await run('cp', ['-a', data, copy])
    // Another process may have been quicker; its folder holds the same.
    await rename(copy, template).catch(() => rm(copy, { recursive: true }))
    await rm(dirname(copy), { recursive: true })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
