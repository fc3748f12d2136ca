import type { ExpectStatic } from 'vitest'

/** Expects one answer for all. A failure names the first different one, and its subject. */
export function expectAlike(expect: ExpectStatic, answers: readonly unknown[], wanted: unknown, of: string): void {
  for (const [number, answer] of answers.entries()) {
    expect(answer, `${of}: answer ${number + 1} of ${answers.length}`).toEqual(wanted)
  }
}

/** Expects the same names in the same order. A failure names the missing and the surplus ones. */
export function expectNames(
  expect: ExpectStatic,
  found: readonly string[],
  wanted: readonly string[],
  what: string,
): void {
  const missing = wanted.filter((name) => !found.includes(name))
  const surplus = found.filter((name) => !wanted.includes(name))
  const order = missing.length + surplus.length === 0 ? `, in the order ${found.join(' ')}` : ''
  expect(found, `${what}: missing ${listed(missing)}, surplus ${listed(surplus)}${order}`).toEqual(wanted)
}

/** Expects so many names. A failure gives the names there are. */
export function expectCount(expect: ExpectStatic, names: readonly string[], count: number, what: string): void {
  expect(names.length, `${what}: ${listed(names)}`).toBe(count)
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(' ')
}
