import { describe, expect, it } from 'vitest'
import { isOrdinary } from './sql-state.ts'

const reported = (code: string, severity: string) => Object.assign(new Error('of a server'), { code, severity })

describe('isOrdinary', () => {
  it.each(['ERROR', 'FEHLER', 'ERREUR', '錯誤'])('takes a refusal for one if its severity is %s', (severity) => {
    expect(isOrdinary(reported('23505', severity))).toBe(true)
  })

  it.each(['57P01', '08P01', '25006', '58000', 'XX000'])(
    'takes %s for the end of a connection in any language',
    (code) => {
      for (const severity of ['ERROR', 'FATAL', 'SCHWERWIEGEND'])
        expect(isOrdinary(reported(code, severity))).toBe(false)
    },
  )

  it('takes no failure of the network for a refusal', () => {
    expect(isOrdinary(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe(false)
  })
})
