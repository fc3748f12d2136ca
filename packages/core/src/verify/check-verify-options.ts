import { checkNames, checkOwnNames, isPlain, noOptions, refuseInherited, unknownOption } from '../setup/check-names.ts'
import type { Names } from '../setup/check-names.ts'
import type { RequestContext } from '../token/request-context.ts'
import type { Requirements } from '../token/scope.ts'
import type { VerifyOptions } from '../token/verification.ts'

export const REQUIREMENTS: Names<Requirements> = { scopes: true, anyScope: true }
export const CONTEXT: Names<RequestContext> = { ip: true, requestId: true }

const NAMES: Names<VerifyOptions> = { ...REQUIREMENTS, ip: true, context: true, onRefusal: true }

/**
 * For authors of authenticators, too. A mistyped name, or a list that is missing by mistake, would ask for nothing: every token would be accepted.
 *
 * @throws TypeError for anything but an object, for an unknown or inherited option, and for a requirement that is no list
 */
export function checkVerifyOptions(verb: string, options: VerifyOptions): void {
  if (typeof options !== 'object' || options === null) throw noOptions(verb, options)
  const { scopes, anyScope, context, onRefusal } = options
  // Right behind a reading of the options, the prototype comes with it: later it would be looked for anew.
  if (Object.getPrototypeOf(options) !== Object.prototype) refuseInherited(verb, options, NAMES)
  let isEmpty = true
  for (const name in options) {
    isEmpty = false
    switch (name as keyof VerifyOptions) {
      case 'scopes':
        checkList(verb, name, scopes)
        break
      case 'anyScope':
        checkList(verb, name, anyScope)
        break
      case 'ip':
        break
      case 'context':
        if (typeof context === 'object') checkNames(`${verb}: context`, context ?? {}, CONTEXT)
        break
      case 'onRefusal':
        if (onRefusal !== undefined && typeof onRefusal !== 'function') throw mustBe(verb, name, 'a function')
        break
      default:
        throw unknownOption(verb, options, name, Object.keys(NAMES))
    }
  }
  if (isEmpty && !isPlain(options)) throw noOptions(verb, options)
}

/** The same for requirements alone. */
export function checkRequirements(verb: string, requirements: Requirements): void {
  checkOwnNames(verb, requirements, REQUIREMENTS)
  if ('scopes' in requirements) checkList(verb, 'scopes', requirements.scopes)
  if ('anyScope' in requirements) checkList(verb, 'anyScope', requirements.anyScope)
}

function checkList(verb: string, name: string, value: unknown): void {
  if (!Array.isArray(value)) throw mustBe(verb, name, 'a list of scopes')
}

function mustBe(verb: string, name: string, right: string): TypeError {
  return new TypeError(`${verb}: option "${name}" must be ${right}`)
}
