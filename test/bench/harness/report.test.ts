import { describe, expect, it } from 'vitest'
import { reportText } from './report.ts'

describe('reportText', () => {
  it('says when, on what and with what was measured, then shows each suite below its heading', () => {
    const tables = [{ name: 'Counted', columns: ['what', 'B'], rows: [['get', 1]] }]
    const text = reportText({
      startedAt: new Date('2026-07-01T10:00:00Z'),
      node: 'v20.20.2',
      platform: 'linux x64',
      cpu: 'a processor',
      cores: 2,
      versions: { express: '5.3.0', 'redis-server': '7.0.15' },
      suites: { redis: { groups: [], tables } },
    })
    expect(text.split('\n')).toEqual([
      'Measured on 2026-07-01: Node v20.20.2 on linux x64, 2 × a processor.',
      '',
      'With express 5.3.0, redis-server 7.0.15.',
      '',
      '### redis',
      '',
      '#### Counted',
      '',
      '| what |   B |',
      '| ---- | --: |',
      '| get  |   1 |',
      '',
    ])
  })
})
