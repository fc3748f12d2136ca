import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Where its files are published. */
export const HOME = 'https://github.com/tessera-tokens/tessera'
