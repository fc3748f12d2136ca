import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { causeOf } from './cause.ts'
import { storeErrorOf } from './failure.ts'

const DIGEST = 'kH2c-digest'
const ROW = `Failing row contains (acme, ${DIGEST}).`

function serverError(code: string, message = 'it failed', severity = 'ERROR'): Error {
  const holdings = { detail: ROW, where: ROW, internalQuery: ROW, parameters: [DIGEST], params: [DIGEST], query: ROW }
  return Object.assign(new Error(message), { code, severity, table: 'tokens', ...holdings })
}

describe('causeOf', () => {
  it('keeps what helps, and neither rows nor parameters, hidden ones neither', () => {
    const error = serverError('23505', 'duplicate key value violates unique constraint "tokens_pkey"')
    Object.defineProperty(error, 'args', { value: [DIGEST], enumerable: false })
    const cause = causeOf(error)
    expect(cause).toMatchObject({ message: error.message, stack: error.stack, code: '23505', table: 'tokens' })
    expect(inspect(cause, { showHidden: true })).not.toContain(DIGEST)
  })

  it.each(['22P02', '22021', 'XX000'])('quotes no message of %s, which may quote a value', (code) => {
    const cause = causeOf(serverError(code, `invalid input syntax: "${DIGEST}"`))
    expect(cause.message).toBe(`PostgreSQL reported ${code}; the message may quote a value`)
    expect(inspect(cause, { showHidden: true })).not.toContain(DIGEST)
  })

  it('strips the causes of a cause too, and ends with those that are their own', () => {
    const error = new Error('timeout', { cause: serverError('57014') })
    expect(inspect(causeOf(error), { showHidden: true })).not.toContain(DIGEST)
    error.cause = error
    expect(causeOf(error).message).toBe('timeout')
  })

  it('names every address that refused, as Node names none', () => {
    const refused = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:5432`))
    const error = Object.assign(new AggregateError(refused), { code: 'ECONNREFUSED' })
    const message = 'connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432'
    expect(causeOf(error)).toMatchObject({ message, code: 'ECONNREFUSED' })
  })

  it.each([[undefined], ['text'], [{ message: DIGEST }]])('makes an error of %o, and quotes nothing', (thrown) => {
    expect(causeOf(thrown).message).toBe('the driver failed, and named no error')
  })
})

describe('storeErrorOf', () => {
  it.each([
    ['53100', 'store_full'],
    ['53300', 'store_unavailable'],
    ['40P01', 'store_unavailable'],
    ['55P03', 'store_unavailable'],
  ])('answers %s as %s', (state, code) => {
    expect(storeErrorOf('issue', serverError(state))).toMatchObject({ name: 'StoreError', code })
  })

  it.each([
    ['42P01', 'of another layout: ask ready() for the migration'],
    ['42883', 'of another layout: ask ready() for the migration'],
    ['42501', 'lacks a privilege: ask ready() for the grant'],
    ['25006', 'connect to the primary'],
  ])('says how to repair %s, and keeps the error', (state, repair) => {
    const error = storeErrorOf('issue', serverError(state, 'words of the server'))
    expect(error.message).toContain(repair)
    expect(error).toMatchObject({ cause: { cause: { code: state, message: 'words of the server' } } })
  })

  it('takes no fact of another kind of error for the state of a server', () => {
    expect(storeErrorOf('issue', Object.assign(new Error('x'), { code: '53100' })).code).toBe('store_unavailable')
  })
})
