import { describe, expect, it } from 'vitest'
import type { Database } from '../driver/database.ts'
import { createSession } from './session.ts'

const unused: Database = { operate: () => Promise.reject(new Error('nothing is asked')) }
const { define } = createSession({}, unused, { schema: 'app', deadlineMs: 1, changesKept: 1 })

describe('a statement of a session', () => {
  it('names a volatile function of PostgreSQL, so that no proxy keeps its answer', () => {
    expect(define('select {find_v1}()').text).toBe('with uncached as (select clock_timestamp()) select "app".find_v1()')
  })

  it('has a name of its own for each text', () => {
    expect(define('select 1').name).toBe(define('select 1').name)
    expect(define('select 1').name).not.toBe(define('select 2').name)
  })
})
