import { defineReading } from '../client/script.ts'
import type { Reading } from '../client/script.ts'

/** Replies the texts of records, in the order of the keys; nothing for a missing one. */
export const READ_TEXTS: Reading = defineReading("\nreturn redis.call('MGET', unpack(KEYS))\n")
