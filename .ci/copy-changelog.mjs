import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Each tarball carries the one changelog: all packages are released as one version.
const copy = join(process.cwd(), 'CHANGELOG.md')
if (process.argv.includes('--remove')) rmSync(copy, { force: true })
else copyFileSync(join(import.meta.dirname, '..', 'CHANGELOG.md'), copy)
