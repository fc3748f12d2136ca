import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-process.ts'
import { fencedBlocks } from './markdown.ts'
import type { Block } from './markdown.ts'

/** A block of code in a document. */
export interface ReadmeBlock extends Block {
  /** From the root of the repository. */
  readonly readme: string
}

const parents = ['packages', 'examples']

/** The documents of the repository, from its root: READMEs, `docs/`, and the ones beside packages and examples. */
export function documents(): readonly string[] {
  const folders = parents.flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  const places = ['.', 'docs', 'test', ...folders.flatMap((folder) => [folder, `${folder}/docs`, `${folder}/src`])]
  return places.flatMap((place) => {
    const files = existsSync(join(root, place)) ? readdirSync(join(root, place)) : []
    return files.filter((file) => file.endsWith('.md')).map((file) => (place === '.' ? file : `${place}/${file}`))
  })
}

/** The documents for users: the READMEs of the repository, its packages and its examples, and `docs/`. */
function userDocuments(): readonly string[] {
  return documents().filter((file) => /^(?:(?:packages|examples)\/[^/]+\/)?README\.md$|^docs\//.test(file))
}

/** Every fenced block of the documents for users. */
export function readmeBlocks(...languages: readonly string[]): readonly ReadmeBlock[] {
  return userDocuments().flatMap((readme) =>
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
