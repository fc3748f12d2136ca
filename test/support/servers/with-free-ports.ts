/** Starts once more, with other ports, where somebody took one between the moment it was found free and its use. */
export async function withFreePorts<Started>(start: () => Promise<Started>, attempts = 3): Promise<Started> {
  try {
    return await start()
  } catch (error) {
    if (attempts > 1 && /address already in use/i.test(String(error))) return withFreePorts(start, attempts - 1)
    throw error
  }
}
