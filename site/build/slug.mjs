/**
 * The anchor that GitHub gives to a heading: lower case, with hyphens for spaces, without the marks of Markdown and of
 * punctuation.
 *
 * @param {string} heading
 */
export function slugOf(heading) {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')
}
