import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { root } from '../support/run-process.ts'

/** The folders of all packages, by name. */
export const packages: readonly string[] = readdirSync(join(root, 'packages'))

/** A source, by its path below the folder in question, with `/` on every system. */
export interface Source {
  readonly file: string
  /** Every module that it names, types included. */
  readonly imports: readonly string[]
}

const UNREAD: ReadonlySet<string> = new Set(['.git', 'coverage', 'node_modules', 'dist', 'results'])

/** Where packing leaves a copy of the one changelog. */
const PACKAGE = /^(?:\.\/)?packages\/[^/]+$/

/** Every file below a folder of the repository, but for dependencies and what is built. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return entry.name === 'CHANGELOG.md' && PACKAGE.test(folder) ? [] : [entry.name]
    if (UNREAD.has(entry.name)) return []
    return filesBelow(`${folder}/${entry.name}`).map((file) => `${entry.name}/${file}`)
  })
}

/** The TypeScript sources below a folder of the repository, without tests. */
export function sourcesBelow(folder: string): Source[] {
  return filesBelow(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, imports: importsOf(readFileSync(join(root, folder, file), 'utf8')) }))
}

/** Every module a source names. Statements start their line, as the formatter has it; prose in comments does not. */
export function importsOf(source: string): string[] {
  const statements = /^(?:import|export)\b[^'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm
  const calls = /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g
  return [...source.matchAll(statements), ...source.matchAll(calls)].map((match) => match[1] ?? match[2] ?? '')
}

/** The files that a source names by a relative path, each once, as paths below the same folder. */
export function filesNamedBy({ file, imports }: Source): string[] {
  const relative = imports.filter((specifier) => specifier.startsWith('.'))
  return [...new Set(relative.map((specifier) => posix.join(folderOf(file), specifier)))]
}

/** `.` for a file that stands in no folder. */
export function folderOf(file: string): string {
  return dirname(file)
}
