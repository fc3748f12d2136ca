/** @param {string} what */
export function say(what) {
  process.stderr.write(`tessera: ${what}\n`)
}

/**
 * @param {string[]} lines
 * @returns {never}
 */
export function fail(...lines) {
  say(lines.join('\n         '))
  process.exit(1)
}
