import type { Decision, Seen, Step } from './decision/decision.ts'

/** Keeps a token under another digest of the same secret, if it exists. Nothing else changes. */
export function rekey(id: string, digest: string): Step<void> {
  return {
    operation: 'rekey a token',
    wants: { ids: [id], key: null, unacknowledged: true },
    decide({ records }: Seen): Decision<void> {
      const record = records.get(id)
      if (record === undefined || record.digest === digest) return { answer: undefined }
      return { answer: undefined, put: [{ ...record, digest }], announce: [record.digest] }
    },
  }
}
