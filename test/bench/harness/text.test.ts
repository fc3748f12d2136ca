import { describe, expect, it } from 'vitest'
import { groupText, tableText } from './text.ts'

describe('tableText', () => {
  it('aligns the first column to the left and the others to the right', () => {
    const rows = [
      ['get', 1],
      ['issue, evicted', 1234],
    ]
    expect(tableText({ name: 'Counted', columns: ['operation', 'B'], rows }).split('\n')).toEqual([
      '### Counted',
      '',
      '| operation      |    B |',
      '| -------------- | ---: |',
      '| get            |    1 |',
      '| issue, evicted | 1234 |',
    ])
  })
})

describe('groupText', () => {
  const base = {
    name: 'floor',
    ratio: null,
    target: null,
    microsecondsPerOperation: 0.5,
    bytesPerOperation: null,
    cpu: null,
    note: null,
  }
  const ratio = { median: 1.234, lower: 1.1, upper: 1.3 }

  it('shows ratio, spread, target and notes, and the absolute figures last', () => {
    const target = { text: '≤ 1.5 ×', reached: true }
    const row = { ...base, name: 'verify', ratio, target, microsecondsPerOperation: 0.617, note: 'from memory' }
    expect(groupText({ name: 'g', compares: 'time', rows: [base, row] }).split('\n')).toEqual([
      '### g',
      '',
      '| row    | time, × base | middle half |  target | reached | µs/op |      op/s |',
      '| ------ | -----------: | ----------: | ------: | ------: | ----: | --------: |',
      '| floor  |         base |             |         |         | 0.500 | 2,000,000 |',
      '| verify |         1.23 | 1.10 … 1.30 | ≤ 1.5 × |     yes | 0.617 | 1,620,746 |',
      '',
      '- verify: from memory',
    ])
  })

  it('says so when a target is not reached', () => {
    const row = { ...base, name: 'verify', ratio, target: { text: '≤ 1 ×', reached: false } }
    expect(groupText({ name: 'g', compares: 'time', rows: [base, row] })).toContain('|  ≤ 1 × |      no |')
  })

  it('shows what is allocated where it was weighed', () => {
    const weighed = { ...base, bytesPerOperation: 88.4 }
    expect(groupText({ name: 'g', compares: 'rate', rows: [weighed] })).toMatch(/B\/op \|\n.*\n.*\| {3}88 \|/)
  })

  it('shows the processor time where it was asked for, and what each part took of it', () => {
    const figure = { ratio, microsecondsPerOperation: 52.34 }
    const part = { ratio, microsecondsPerOperation: 12.34 }
    const linesWith = (parts: Readonly<Record<string, typeof figure>>) => {
      const row = { ...base, name: 'verify', ratio, cpu: { ...figure, parts } }
      return groupText({ name: 'g', compares: 'rate', rows: [row] }).split('\n')
    }
    const ends = (parts: Parameters<typeof linesWith>[0], length: number) =>
      [2, 4].map((line) => linesWith(parts)[line]?.slice(-length))
    expect(ends({ server: figure }, 27)).toEqual(['| CPU, × base | CPU µs/op |', '|        1.23 |      52.3 |'])
    expect(ends({ client: part, server: figure }, 65)).toEqual([
      '| client, × base | client µs/op | server, × base | server µs/op |',
      '|           1.23 |         12.3 |           1.23 |         52.3 |',
    ])
  })
})
