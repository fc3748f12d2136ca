/** A fenced block of a Markdown file. */
export interface Block {
  /** Of its first line of code, counted from one. */
  readonly line: number
  readonly language: string
  readonly code: string
}

export function fencedBlocks(markdown: string): readonly Block[] {
  const fence = /^( *)```(\w*)[^\n]*\n(.*?)^\1```$/gms
  return [...markdown.matchAll(fence)].map(({ index, 1: indent = '', 2: language = '', 3: code = '' }) => ({
    line: markdown.slice(0, index).split('\n').length + 1,
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** A command of a `console` block, and what it shows of the output. */
export interface Command {
  readonly line: string
  readonly output: string
}

/** The commands of a `console` block: each starts with `$ `, and goes on after a backslash at the end of its line. */
export function commandsIn(code: string): readonly Command[] {
  const command = /^\$ ((?:.*\\\n)*.*)\n?((?:(?!\$ ).*\n?)*)/gm
  return [...code.matchAll(command)].map(({ 1: line = '', 2: output = '' }) => ({ line, output }))
}

/** What the `// → …` comments of a program say that it prints, line by line. */
export function statedLines(code: string): readonly string[] {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map(({ 1: text = '' }) => text.trimEnd())
}
