import { Problem } from './problem.ts'

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6 */
export function methodNotAllowed(methods: readonly string[]): Problem {
  const allow = methods.join(', ')
  return new Problem('method_not_allowed', `The method must be one of ${allow}.`, { headers: { Allow: allow } })
}
