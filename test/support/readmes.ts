import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fencedBlocks } from './markdown.ts'
import type { Block } from './markdown.ts'
import { root } from './run-process.ts'

/** A block of code in a README. */
export interface ReadmeBlock extends Block {
  /** From the root of the repository. */
  readonly readme: string
}

const parents = ['packages', 'examples']

/** Every fenced block of the READMEs of the repository, its packages and its examples. */
export function readmeBlocks(...languages: readonly string[]): readonly ReadmeBlock[] {
  const folders = parents.flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/`))
  return ['', ...folders]
    .map((folder) => `${folder}README.md`)
    .filter((readme) => existsSync(join(root, readme)))
    .flatMap((readme) =>
      fencedBlocks(readFileSync(join(root, readme), 'utf8'))
        .filter(({ language }) => languages.includes(language))
        .map((block) => ({ ...block, readme })),
    )
}

/** The sources under `examples/`, which have tests of their own. */
export function exampleSources(): readonly string[] {
  return readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file) && !/(?:^|[\\/])(?:node_modules|dist)[\\/]/.test(file))
    .map((file) => readFileSync(join(root, 'examples', file), 'utf8'))
}
