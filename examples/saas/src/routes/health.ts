import { serveHandler } from '@tessera/express'
import { healthHandler, livenessHandler } from '@tessera/http'
import express from 'express'
import type { Router } from 'express'
import type { AppParts } from '../app-parts.ts'

/** `/live`: the process answers. `/ready`: it can serve, so its database answers, and it is not about to end. */
export function healthRoutes({ tokens, isEnding }: AppParts): Router {
  const router = express.Router()
  const ready = () => (isEnding() ? Promise.reject(new Error('the process ends')) : tokens.ready())
  router.use('/live', serveHandler(livenessHandler()))
  // That it ends is no fault to report.
  const onError = (error: Error) => {
    if (!isEnding()) console.error(error)
  }
  router.use('/ready', serveHandler(healthHandler({ ready }, { onError })))
  return router
}
