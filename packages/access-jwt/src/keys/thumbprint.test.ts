import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { ALGORITHMS, generateAccessKey, loadAccessKey } from './access-key.ts'
import { thumbprint } from './thumbprint.ts'

describe('thumbprint', () => {
  it('is that of the example in RFC 8037, appendix A.3, in whatever order the members come', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    const expected = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    expect(thumbprint({ kty: 'OKP', crv: 'Ed25519', x })).toBe(expected)
    expect(thumbprint({ x, crv: 'Ed25519', kty: 'OKP' })).toBe(expected)
  })

  it.each(ALGORITHMS)('is what jose calculates of a key of %s', async (alg) => {
    const key = await generateAccessKey(alg)
    expect(loadAccessKey(key)?.published.kid).toBe(await calculateJwkThumbprint({ ...key }))
  })
})
