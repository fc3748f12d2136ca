import type { ErrorRequestHandler } from 'express'

/** An error handler of an app, and what it was handed. */
export function caught(): { readonly errors: unknown[]; readonly handler: ErrorRequestHandler } {
  const errors: unknown[] = []
  // Express takes a function of four parameters for an error handler.
  const handler: ErrorRequestHandler = (error, _req, res, _next) => {
    errors.push(error)
    if (!res.headersSent) res.status(error.status ?? 500).json({ caught: error.message })
  }
  return { errors, handler }
}
