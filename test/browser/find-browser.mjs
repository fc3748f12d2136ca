import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/** @returns {string | null} The path of a browser that the tests can drive. */
export function browserProgram() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const files = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC]
  return files.find((file) => existsSync(file)) ?? null
}
