/** Resolves when every promise that can go on has gone on: the queue of ticks comes after theirs. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}
