import { filesNamedBy, folderOf } from './sources.ts'
import type { Source } from './sources.ts'

/** How many sources a folder holds at most, tests not counted. */
const MOST_SOURCES = 15

/** A row of the table in a README with the title Layout. */
export interface Floor {
  /** Without the slash at its end, e.g. `manage/request`. */
  readonly folder: string
  /** `null` in a table without floors: then any of its folders may import any other. */
  readonly level: number | null
  /** What belongs in the folder. */
  readonly line: string
}

const ROW = /^\|(?: (\d+) \|)? `([^`]+)\/` \| (.*\S) \|$/gm

export function readFloors(readme: string): Floor[] {
  return [...readme.matchAll(ROW)].map(([, level, folder = '', line = '']) => ({
    folder,
    level: level === undefined ? null : Number(level),
    line,
  }))
}

/** Each import that does not lead down, within what the table is about. The sources beside the README stand above every floor. */
export function climbs(sources: readonly Source[], floors: readonly Floor[]): string[] {
  const levels = new Map(floors.map(({ folder, level }) => [folder, level ?? 0]))
  const levelOf = (file: string) => levels.get(folderOf(file)) ?? Number.POSITIVE_INFINITY
  return sources.flatMap((source) =>
    filesNamedBy(source)
      .filter((named) => !named.startsWith('..') && folderOf(named) !== folderOf(source.file))
      .filter((named) => levelOf(named) >= levelOf(source.file))
      .map((named) => `${source.file} imports ${named}`),
  )
}

/** The folders that hold too much. */
export function crowded(sources: readonly Source[]): string[] {
  const counts = new Map<string, number>()
  for (const folder of sources.map(({ file }) => folderOf(file))) counts.set(folder, (counts.get(folder) ?? 0) + 1)
  return [...counts].filter(([, count]) => count > MOST_SOURCES).map(([folder, count]) => `${folder}: ${count} sources`)
}

/** The folders of these files that the table does not name, and the rows whose folder is not there. */
export function unlisted(files: readonly string[], floors: readonly Floor[]): string[] {
  const folders = new Set(files.map(folderOf).filter((folder) => folder !== '.'))
  const listed = new Set(floors.map(({ folder }) => folder))
  return [
    ...[...folders].filter((folder) => !listed.has(folder)).map((folder) => `${folder}/ has no line`),
    ...[...listed].filter((folder) => !folders.has(folder)).map((folder) => `${folder}/ is not there`),
  ]
}
