export type Names = Readonly<Record<string, true>>

/**
 * A mistyped name would be ignored, and a filter then show everything.
 *
 * @throws TypeError with the name
 */
export function checkNames(what: string, given: object, names: Names): void {
  if (typeof given !== 'object' || given === null) throw new TypeError(`${what} must be an object`)
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(names, name))
  if (unknown === undefined) return
  throw new TypeError(`${what}: there is no "${unknown}"; there are ${Object.keys(names).join(', ')}`)
}

/** @throws TypeError for an invalid date: as JSON it would be `null`, and so no expiry */
export function checkInstants(what: string, given: object): void {
  for (const [name, value] of Object.entries(given)) {
    if (value instanceof Date && Number.isNaN(value.getTime()))
      throw new TypeError(`${what}: "${name}" must be a valid date`)
  }
}
