import type { Request, RequestHandler } from 'express'
import type { Row } from '../../harness/group.ts'
import { inTurn } from '../issued-tokens.ts'
import { passThrough, requestWith } from './request.ts'

/** A middleware that lets requests with these tokens through. */
export interface Middleware {
  readonly name: string
  readonly note: string
  readonly handler: RequestHandler
  readonly tokens: readonly string[]
  /** Who is calling, as a route behind it would ask. */
  readonly ownerOf: (request: Request) => unknown
}

/** The middleware alone, on requests that come one after the other. */
export function middlewareRow({ name, note, handler, tokens, ownerOf }: Middleware): Row {
  const next = inTurn(tokens)
  return {
    name,
    note,
    async run(times) {
      for (let number = 0; number < times; number += 1) {
        const request = requestWith(next())
        await passThrough(handler, request)
        if (typeof ownerOf(request) !== 'string') throw new Error(`${name}: nobody is calling`)
      }
    },
  }
}
