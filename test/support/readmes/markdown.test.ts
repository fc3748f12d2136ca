import { describe, expect, it } from 'vitest'
import { commandsIn, fencedBlocks, statedLines } from './markdown.ts'

const fence = '```'

describe('fencedBlocks', () => {
  it('finds each block with its language and line, without its indentation', () => {
    const markdown = [
      '# A',
      `${fence}ts`,
      'a()',
      '',
      'b()',
      fence,
      '- x',
      `  ${fence}json title`,
      '  {',
      '    "a": 1',
      '  }',
    ]
    const blocks = fencedBlocks([...markdown, `  ${fence}`, fence, 'text', fence].join('\n'))
    expect(blocks).toEqual([
      { line: 3, language: 'ts', code: 'a()\n\nb()\n' },
      { line: 9, language: 'json', code: '{\n  "a": 1\n}\n' },
      { line: 14, language: '', code: 'text\n' },
    ])
  })
})

describe('commandsIn', () => {
  it('finds each command with what it shows', () => {
    const code = '$ npm start\n$ curl \\\n  -i http://x\nHTTP/1.1 200 OK\n\n{"a": "$ b"}\n$ curl http://y\n'
    expect(commandsIn(code)).toEqual([
      { line: 'npm start', output: '' },
      { line: 'curl \\\n  -i http://x', output: 'HTTP/1.1 200 OK\n\n{"a": "$ b"}\n' },
      { line: 'curl http://y', output: '' },
    ])
  })
})

describe('statedLines', () => {
  it('reads the comments that state what is printed, on the same line or the next', () => {
    expect(statedLines('console.log(a) // → one\nf() // no\nconsole.log(b)\n// → { two: … } \n')).toEqual([
      'one',
      '{ two: … }',
    ])
  })
})
