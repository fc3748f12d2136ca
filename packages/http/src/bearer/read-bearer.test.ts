import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBearer } from './read-bearer.ts'

const SECRET = 'ot_pat_0123'
const several = { ok: false, reason: 'several_credentials' }
const reading = (...values: string[]) => readBearer({ authorization: values })

describe('readBearer', () => {
  it('finds no secret where there is no header', () => {
    expect(readBearer({})).toEqual({ ok: true, secret: undefined })
  })

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('knows the scheme %s without regard to case', (scheme) => {
    expect(reading(`${scheme} ${SECRET}`)).toEqual({ ok: true, secret: SECRET })
  })

  it('takes one or more spaces between scheme and secret (RFC 9110 §11.4)', () => {
    expect(reading(`Bearer      ${SECRET}`)).toEqual({ ok: true, secret: SECRET })
  })

  it.each([
    'Basic b3RfcGF0OjAxMjM=',
    'Digest username="ada"',
    'BearerToken abc',
    `Bearer${SECRET}`,
    `Bearer\t${SECRET}`,
    `Bearer:${SECRET}`,
    `Bearer=${SECRET}`,
    `Token ${SECRET}`,
    ` Bearer ${SECRET}`,
    'Beare',
    SECRET,
    '',
  ])('finds no secret under another scheme: %j', (value) => {
    expect(reading(value)).toEqual({ ok: true, secret: undefined })
  })

  it.each([
    ['Bearer', ''],
    ['Bearer ', ''],
    ['Bearer    ', ''],
    [`Bearer ${SECRET} `, `${SECRET} `],
    [`Bearer \t${SECRET}`, `\t${SECRET}`],
    [`Bearer ${SECRET},`, `${SECRET},`],
    [`Bearer ${SECRET}, Bearer ${SECRET}`, `${SECRET}, Bearer ${SECRET}`],
    [`Bearer ${SECRET}, Basic abc`, `${SECRET}, Basic abc`],
    [`Bearer "${SECRET}"`, `"${SECRET}"`],
    [`Bearer Bearer ${SECRET}`, `Bearer ${SECRET}`],
    ['Bearer sécret', 'sécret'],
  ])('hands on what follows the scheme as it is: %j', (value, secret) => {
    expect(reading(value)).toEqual({ ok: true, secret })
  })

  it('refuses two headers, even two equal ones and two of which one is of another scheme (RFC 6750 §2)', () => {
    expect(reading(`Bearer ${SECRET}`, `Bearer ${SECRET}`)).toEqual(several)
    expect(reading('Basic abc', `Bearer ${SECRET}`)).toEqual(several)
    expect(reading(`Bearer ${SECRET}`, '')).toEqual(several)
  })

  it('takes the secret of another carrier where the header has none', () => {
    expect(readBearer({}, [SECRET])).toEqual({ ok: true, secret: SECRET })
    expect(readBearer({ authorization: ['Basic abc'] }, [SECRET])).toEqual({ ok: true, secret: SECRET })
  })

  it('refuses two carriers, also where one of them is empty (RFC 6750 §2)', () => {
    expect(readBearer({ authorization: [`Bearer ${SECRET}`] }, [SECRET])).toEqual(several)
    expect(readBearer({ authorization: ['Bearer'] }, [SECRET])).toEqual(several)
    expect(readBearer({}, [SECRET, SECRET])).toEqual(several)
    expect(readBearer({}, [SECRET, ''])).toEqual(several)
  })

  it('reads every header back that is written by the rules', () => {
    const schemes = fc.mixedCase(fc.constant('bearer'))
    const spaces = fc.stringMatching(/^ {1,20}$/)
    const secrets = fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,80}=*$/)
    fc.assert(
      fc.property(schemes, spaces, secrets, (scheme, space, secret) => {
        expect(reading(scheme + space + secret)).toEqual({ ok: true, secret })
      }),
    )
  })

  it.each([
    ['spaces', `Bearer${' '.repeat(1_000_000)}x`],
    ['spaces without end', `Bearer${' '.repeat(1_000_000)}`],
    ['commas', `Bearer ${','.repeat(1_000_000)}`],
    ['schemes', 'Bearer '.repeat(150_000)],
  ])('takes linear time for a megabyte of %s', (_, value) => {
    const start = process.cpuUsage()
    reading(value)
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(200)
  })
})
