import type { Request, RequestHandler } from 'express'
import type { Row } from '../../harness/group.ts'
import { inTurn } from '../issued-tokens.ts'
import { passThrough, requestWith } from './request.ts'

/**
 * A middleware that lets requests with these tokens through, one after the other.
 *
 * @param ownerOf Who is calling, as a route behind it would ask.
 */
export function middlewareRow(
  name: string,
  note: string,
  middleware: RequestHandler,
  tokens: readonly string[],
  ownerOf: (request: Request) => unknown,
): Row {
  const next = inTurn(tokens)
  return {
    name,
    note,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        const request = requestWith(next())
        await passThrough(middleware, request)
        if (typeof ownerOf(request) !== 'string') throw new Error(`${name}: nobody is calling`)
      }
    },
  }
}
