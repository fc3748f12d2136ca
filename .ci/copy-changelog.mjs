import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

// Each tarball carries the one changelog: all packages are released as one version. Git ignores the copy.
copyFileSync(join(import.meta.dirname, '..', 'CHANGELOG.md'), join(process.cwd(), 'CHANGELOG.md'))
