/**
 * The codings of a body in their order, without `identity`.
 *
 * @param contentEncoding Every value of the header.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function codingsOf(contentEncoding: readonly string[] = []): readonly string[] {
  const listed = contentEncoding.flatMap((value) => value.split(',')).map((coding) => coding.trim().toLowerCase())
  return listed.filter((coding) => coding !== '' && coding !== 'identity')
}
