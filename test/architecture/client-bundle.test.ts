import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'

describe('the client, bundled for a browser', () => {
  const entryPoints = [join(root, 'packages/client/src/index.ts')]
  const { outputFiles } = buildSync({ entryPoints, bundle: true, minify: true, format: 'esm', write: false })
  const [bundle] = outputFiles

  it('is small', () => {
    expect(bundle?.contents.length).toBeLessThan(17_000)
    expect(gzipSync(bundle?.contents ?? '').length).toBeLessThan(7_000)
  })

  it('needs nothing of Node', () => {
    expect(bundle?.text).not.toMatch(/\b(?:process|Buffer|require|global)\b(?=[.(])/)
  })
})
