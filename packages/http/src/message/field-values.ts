/** Every value of a field in a form parsed into an object. */
export function fieldValues(form: unknown, name: string): readonly string[] {
  if (typeof form !== 'object' || form === null || !Object.hasOwn(form, name)) return []
  const value: unknown = Reflect.get(form, name)
  return (Array.isArray(value) ? value : [value]).map((each) => (typeof each === 'string' ? each : ''))
}
