import { invalidParameter } from '../../token/errors.ts'

/**
 * A mistyped name among conditions, or one that is `null` by mistake, would select every token.
 *
 * @param names The names of all options, and whether each may be `null`.
 * @throws TypeError for an unknown name
 * @throws TokenError `invalid_parameter` for a `null` that has no meaning
 */
export function checkConditions<Options extends object>(
  verb: string,
  options: Options,
  names: Readonly<Record<keyof Options, 'or null' | 'not null'>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(names, name)) {
      throw new TypeError(`${verb}: unknown option "${name}"; the options are ${Object.keys(names).join(', ')}`)
    }
    if (value === null && Reflect.get(names, name) === 'not null') {
      throw invalidParameter(name, 'left out instead of null, which would be no condition')
    }
  }
}
