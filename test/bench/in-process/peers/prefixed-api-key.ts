import { checkAPIKey, generateAPIKey, getTokenComponents } from 'prefixed-api-key'
import type { Row } from '../../harness/group.ts'
import { inTurn, shuffled } from '../issued-tokens.ts'

export async function prefixedApiKeyRow(count: number): Promise<Row> {
  const hashes = new Map<string, string>()
  const keys: string[] = []
  while (keys.length < count) {
    const { token, shortToken, longTokenHash } = await generateAPIKey({ keyPrefix: 'otpat' })
    if (token === undefined) throw new Error('no key was generated')
    hashes.set(shortToken, longTokenHash)
    keys.push(token)
  }
  const next = inTurn(shuffled(keys))
  const verify = async (key: string) => {
    const hash = hashes.get(getTokenComponents(key).shortToken)
    return hash !== undefined && checkAPIKey(key, hash)
  }
  return {
    name: 'prefixed-api-key',
    note: 'reads the key, looks up its short half in a Map and compares hashes; no owner, scopes, expiry or revocation',
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        if (!(await verify(next()))) throw new Error('a key was refused')
      }
    },
  }
}
