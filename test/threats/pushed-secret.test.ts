import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import { serveHandler } from '@tessera/express'
import { scannerRules, secretScanningHandler } from '@tessera/leaks'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { startGitHub } from '../../packages/leaks/testing/github.ts'

describe('a secret in a pushed file', () => {
  it('is ended within one webhook', async () => {
    await using github = await startGitHub()
    const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const app = express()
    app.use('/leaks/github', serveHandler(secretScanningHandler(tokens, { keysUrl: github.keysUrl })))
    app.use(express.json())
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))

    const body = JSON.stringify(scan(pushed(`TOKEN=${secret}\n`)))
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/leaks/github`, {
      method: 'POST',
      headers: github.headersFor(body),
      body,
    })
    expect(await answer.json()).toMatchObject([{ label: 'true_positive', token_type: 'acme_pat' }])
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    server.close()
  })
})

/** What arrives at the other end of a push of a file. */
function pushed(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-push-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@acme.test', ...args], { cwd: folder }).toString()
  try {
    git('init', '--quiet', '--bare', 'hub.git')
    git('init', '--quiet', 'work')
    writeFileSync(join(folder, 'work', '.env'), content)
    git('-C', 'work', 'add', '.env')
    git('-C', 'work', 'commit', '--quiet', '--message', 'Configure')
    git('-C', 'work', 'push', '--quiet', '../hub.git', 'HEAD:main')
    return git('-C', 'hub.git', 'show', 'main')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Scans a text by the rules that we give to GitHub. */
function scan(text: string): object[] {
  const [type = '', format = ''] = scannerRules('github', { prefixes: ['acme_pat'] })
    .split('\n')
    .map((line) => line.replace(/^[^:]*: /, ''))
  return [...text.matchAll(new RegExp(format, 'g'))].map(([token]) => ({ token, type, url: '', source: 'commit' }))
}
