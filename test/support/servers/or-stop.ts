/** Resolves as the work does. If that fails, it first stops what was started for it. */
export async function orStop<Answer>(stop: () => Promise<void>, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    await stop()
    throw error
  }
}
