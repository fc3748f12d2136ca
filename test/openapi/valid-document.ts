import SwaggerParser from '@apidevtools/swagger-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { OpenApiDocument } from '@tessera/openapi'

/** What two validators find wrong with a document. */
export async function faultsOfDocument(document: OpenApiDocument): Promise<readonly string[]> {
  const bySchema = await new Validator().validate(Object(structuredClone(document)))
  const faults = bySchema.valid ? [] : [JSON.stringify(bySchema.errors)]
  try {
    await SwaggerParser.validate(structuredClone(document) as never)
    return faults
  } catch (error) {
    return [...faults, String(error)]
  }
}
