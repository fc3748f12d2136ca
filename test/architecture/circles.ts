import { filesNamedBy } from './sources.ts'
import type { Source } from './sources.ts'

/** Finds circles of imports, each a way from a file back to itself. Every group of files that name each other shows at least once. */
export function circlesIn(sources: readonly Source[]): string[][] {
  const named = new Map(sources.map((source) => [source.file, filesNamedBy(source)]))
  const done = new Set<string>()
  const circles: string[][] = []

  function walk(file: string, way: readonly string[]): void {
    const at = way.indexOf(file)
    if (at !== -1) {
      circles.push([...way.slice(at), file])
      return
    }
    if (done.has(file)) return
    for (const next of named.get(file) ?? []) walk(next, [...way, file])
    done.add(file)
  }

  for (const { file } of sources) walk(file, [])
  return circles
}
