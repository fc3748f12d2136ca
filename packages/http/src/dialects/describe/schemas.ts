import type { Schema } from './description.ts'

/** An object with these properties and no others. All are always there, but for the optional ones. */
export function closed(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    properties,
  }
}

export function text(description: string, more: Schema = {}): Schema {
  return { type: 'string', description, ...more }
}

export function textOrNull(description: string): Schema {
  return { type: ['string', 'null'], description }
}

/** @param values The only ones there are. */
export function choice(values: readonly string[], description: string, more: Schema = {}): Schema {
  return { type: 'string', enum: values, description, ...more }
}

export function count(description: string, more: Schema = {}): Schema {
  return { type: 'integer', minimum: 0, description, ...more }
}

export function countOrNull(description: string): Schema {
  return { type: ['integer', 'null'], minimum: 0, description }
}

export function list(items: Schema, description: string): Schema {
  return { type: 'array', items, description }
}

export function instant(description: string): Schema {
  return { type: 'string', format: 'date-time', description }
}

export function instantOrNull(description: string): Schema {
  return { type: ['string', 'null'], format: 'date-time', description }
}

export const TOKEN: Schema = { $ref: '#/components/schemas/Token' }
