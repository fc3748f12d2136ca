import type { Tokens } from '@tessera/core'
import { jsonResponse } from '../message/message.ts'
import type { Handler } from '../message/message.ts'
import { dialectOf, operation } from './operation.ts'
import type { HandlerOptions } from './operation.ts'

/** `GET /usage`: how many active tokens the caller's owner has, and may have. In dialects with words for it. */
export function usageHandler(tokens: Tokens, options: HandlerOptions = {}): Handler {
  const { writeUsage } = dialectOf(options)
  if (writeUsage === undefined) throw new TypeError('usageHandler: the dialect has no writeUsage')
  return operation('read', tokens, options, async ({ caller }) => {
    return jsonResponse(200, writeUsage(await tokens.usage(caller.owner)))
  })
}
