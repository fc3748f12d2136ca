import { defineReading } from './script.ts'
import type { Reading } from './script.ts'

/** Replies the texts of records, in the order of the keys; nothing for each that does not exist. */
export const READ_TEXTS: Reading = defineReading("\nreturn redis.call('MGET', unpack(KEYS))\n")
