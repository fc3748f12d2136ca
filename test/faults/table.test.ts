import { describe, expect, it } from 'vitest'
import { tableOf } from './table.ts'

describe('tableOf', () => {
  it('has a line for each process in each scenario', () => {
    const outcome = { scenario: 'a failover', process: 'ioredis 6, cached', uses: 120, accepted: 0, unavailable: 9 }
    const table = tableOf([
      { ...outcome, lastAcceptedMs: null, backAfterMs: 1_234 },
      { ...outcome, process: 'ioredis 5', accepted: 7, lastAcceptedMs: 40, backAfterMs: null },
    ])
    expect(table.split('\n')).toEqual([
      'scenario    process            uses  accepted  last after  503  back after',
      '----------  -----------------  ----  --------  ----------  ---  ----------',
      'a failover  ioredis 6, cached   120         0           -    9      1.23 s',
      'a failover  ioredis 5           120         7      0.04 s    9           -',
    ])
  })
})
