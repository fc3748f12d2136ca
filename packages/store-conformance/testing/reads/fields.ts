import type { TokenRecord } from '@tessera/core'
import { naiveStore } from '../../src/model/naive-store/naive-store.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that keeps records otherwise than they were given. */
function keeping(change: (record: TokenRecord) => Partial<TokenRecord>): () => StepsOnStore {
  return () => {
    const store = naiveStore()
    return { ...store, insert: (record, conditions) => store.insert({ ...record, ...change(record) }, conditions) }
  }
}

export const fields: BrokenStores = {
  'keeps whole seconds': keeping(({ expiresAt }) => ({
    expiresAt: expiresAt && Math.floor(expiresAt / 1_000) * 1_000,
  })),
  'keeps the first ten digits of an instant': keeping(({ expiresAt }) => ({
    expiresAt: expiresAt && Number(expiresAt.toPrecision(10)),
  })),
  'keeps 0 for no expiry': keeping(({ expiresAt }) => ({ expiresAt: expiresAt ?? 0 })),
  'keeps an empty text for none': keeping(({ createdBy }) => ({ createdBy: createdBy ?? '' })),
  'keeps no empty attributes': keeping(({ attributes }) => ({
    attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
  })),
  'sorts scopes': keeping(({ scopes }) => ({ scopes: scopes.toSorted() })),
  'keeps scopes as a comma-separated list': keeping(({ scopes }) => ({ scopes: scopes.join(',').split(',') })),
  'keeps the first 50 scopes': keeping(({ scopes }) => ({ scopes: scopes.slice(0, 50) })),
  'keeps attributes of 255 characters': keeping(({ attributes }) => ({
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value.slice(0, 255)])),
  })),
  'keeps names of 255 UTF-16 units': keeping(({ name }) => ({ name: name.slice(0, 255) })),
  'trims names': keeping(({ name }) => ({ name: name.trim() })),
  'normalizes names': keeping(({ name }) => ({ name: name.normalize() })),
  'folds the case of names': keeping(({ name }) => ({ name: name.toLowerCase() })),
  'reads numbers back in their shortest form': keeping(({ name }) => ({
    name: /^-?\d+(?:e\d+)?$/.test(name) ? String(Number(name)) : name,
  })),
  'drops attributes that every object has': keeping(({ attributes }) => ({
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !(name in {}))),
  })),
  'takes an id for taken that every object has': () => {
    const store = naiveStore()
    return {
      ...store,
      insert: async (record, conditions) =>
        record.id in {} ? { outcome: 'id_taken' } : store.insert(record, conditions),
    }
  },
  'overwrites a token of the same id': () => {
    const store = naiveStore()
    return {
      ...store,
      async insert(record, conditions) {
        const answer = await store.insert(record, conditions)
        if (answer.outcome === 'id_taken') await store.rekey(record.owner, record.id, record.digest)
        return answer
      },
    }
  },
  'takes the id of a revoked token for free': () => {
    const store = naiveStore()
    return {
      ...store,
      async insert(record, conditions) {
        const former = await store.find(record.owner, record.id)
        return (former?.revokedAt ?? null) === null ? store.insert(record, conditions) : { outcome: 'inserted' }
      },
    }
  },
}
