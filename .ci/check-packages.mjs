import { runTool } from './run-tool.mjs'

/**
 * Whether tarballs are what registries and compilers expect of a package.
 *
 * @param {{ tarball: string }[]} packed
 */
export function checkPacked(packed) {
  const results = packed.flatMap(({ tarball }) => [
    runTool('publint', '--strict', tarball),
    runTool('attw', '--profile', 'esm-only', '--no-summary', '--format', 'ascii', tarball),
  ])
  return results.every(Boolean)
}
