/**
 * Does an operation so many times, in `concurrency` loops that each wait for theirs: the load of so many callers.
 *
 * @param operation Gets the number of the operation, from 0.
 */
export async function repeat(
  times: number,
  concurrency: number,
  operation: (number: number) => Promise<unknown>,
): Promise<void> {
  let begun = 0
  const loop = async () => {
    while (begun < times) await operation(begun++)
  }
  await Promise.all(Array.from({ length: concurrency }, loop))
}
