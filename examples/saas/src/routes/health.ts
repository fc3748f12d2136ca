import express from 'express'
import type { Router } from 'express'
import type { AppParts } from '../app-parts.ts'
import { sql } from '../data/database.ts'

const DEADLINE_MS = 1_500

/** `/live`: the process answers. `/ready`: it can serve, so its database answers, and it is not about to end. */
export function healthRoutes({ database, tokens, isEnding }: AppParts): Router {
  const router = express.Router()
  router.get('/live', (_req, res) => void res.json({ live: true }))
  router.get('/ready', async (_req, res) => {
    const isReady = !isEnding() && (await answersInTime())
    if (!isReady) res.status(503).set('Retry-After', '1')
    res.json({ ready: isReady })
  })

  async function answersInTime(): Promise<boolean> {
    const late = new Promise<false>((resolve) => void setTimeout(resolve, DEADLINE_MS, false).unref())
    const asked = Promise.all([database.rows(sql`select 1`), tokens.usage('ready')])
    return Promise.race([
      late,
      asked.then(
        () => true,
        () => false,
      ),
    ])
  }
  return router
}
