import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { startScratchProject } from '../support/scratch-project.ts'
import type { ScratchProject } from '../support/scratch-project.ts'

/** Where the tools are installed. */
export const TOOLS: string = join(import.meta.dirname, 'node_modules')

/** A project with the packed packages, Express, and its types. */
export function startConsumer(): ScratchProject {
  const project = startScratchProject()
  project.borrow(TOOLS, 'express', '@types/express', '@types/node')
  return project
}

/** Runs a tool of this folder in the project. */
export function runTool(
  project: ScratchProject,
  tool: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): string {
  return project.run(process.execPath, [join(TOOLS, tool), ...args], env)
}

/** Gives one package of the project a copy of another for itself, as a registry's tree or a bundle may have it. */
export function copyInto(project: ScratchProject, of: string, copied: string): void {
  const modules = join(project.folder, 'node_modules')
  cpSync(join(modules, copied), join(modules, of, 'node_modules', copied), { recursive: true })
}
