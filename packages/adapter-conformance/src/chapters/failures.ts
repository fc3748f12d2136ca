import { expect } from 'vitest'
import type { Chapter, Stage } from '../stage/stage.ts'

async function whileDown(stage: Stage, run: () => Promise<void>): Promise<void> {
  stage.fixture.outage.error = new Error('the password of the store')
  stage.fixture.told.length = 0
  try {
    await run()
  } finally {
    stage.fixture.outage.error = null
  }
}

export const failures: Chapter = {
  title: 'failures and load',
  cases: [
    [
      'answers a store failure with 503 without a challenge, and tells the app once',
      async (stage) => {
        const { bearer } = await stage.issue()
        for (const path of ['/jobs', '/optional', '/mixed', '/tokens']) {
          await whileDown(stage, async () => {
            const { status, headers, body } = await stage.ask('GET', path, { headers: [bearer] })
            expect([path, status, headers['www-authenticate']]).toEqual([path, 503, undefined])
            expect(headers).toHaveProperty('retry-after')
            expect(body).not.toContain('password')
            expect(stage.fixture.told).toHaveLength(1)
          })
        }
      },
    ],
    [
      'answers a failing list with 503 too',
      async (stage) => {
        await whileDown(stage, async () => {
          const answer = await stage.ask('GET', '/me/tokens', { headers: ['Cookie: ada'] })
          expect([answer.status, stage.fixture.told.length]).toEqual([503, 1])
        })
      },
    ],
    [
      'refuses a wrong option when it is mounted, by its name',
      async ({ fixture, serve }) => {
        const mount = async () => (await serve({ ...fixture, onError: 'nothing' as never })).close()
        await expect(mount()).rejects.toThrow(TypeError)
        await expect(mount()).rejects.toThrow('"onError"')
      },
    ],
    [
      'mixes no owners at once',
      async (stage) => {
        const owners = Array.from({ length: 40 }, (_, at) => `owner-${at}`)
        const issued = await Promise.all(owners.map((owner) => stage.issue({ owner })))
        const answers = await Promise.all(issued.map(({ bearer }) => stage.ask('GET', '/jobs', { headers: [bearer] })))
        expect(answers.map(({ body }) => JSON.parse(body))).toEqual(owners.map((owner) => ({ owner })))
      },
    ],
  ],
}
