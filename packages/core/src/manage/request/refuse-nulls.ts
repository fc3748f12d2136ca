import { invalidParameter } from '../../token/errors.ts'

/**
 * A condition that is `null` by mistake would select every token.
 *
 * @param names The names of all conditions for which `null` has no meaning.
 * @throws TokenError `invalid_parameter`
 */
export function refuseNulls<Options extends object>(
  options: Options,
  names: readonly (keyof Options & string)[],
): void {
  for (const name of names) {
    if (options[name] === null) throw invalidParameter(name, 'left out instead of null, which would be no condition')
  }
}
