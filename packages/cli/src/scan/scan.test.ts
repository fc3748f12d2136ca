import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { generateSecret } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { appFolder, call } from '../../testing/call.ts'
import { findSecrets } from './find-secrets.ts'

const secret = generateSecret('acme_pat', '00')
const shown = `acme_pat_${secret.slice(9, 13)}********${secret.slice(-4)}`
const folder = mkdtempSync(join(tmpdir(), 'tessera-scan-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('findSecrets', () => {
  it('finds each by shape and checksum, wherever it stands', () => {
    for (const text of [secret, `Bearer ${secret}`, `"${secret}"`, `x=${secret}abc`, `_${secret}`, `a_${secret}`])
      expect(findSecrets(text, ['acme_pat']).map((found) => found.secret)).toEqual([secret])
    const mistyped = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')
    expect(findSecrets(mistyped, null)).toEqual([])
    expect(findSecrets(secret, ['other'])).toEqual([])
    expect(findSecrets(`${secret} ${secret}`, null)).toHaveLength(2)
  })

  it('takes linear time for hostile text', () => {
    const begun = performance.now()
    findSecrets('a_'.repeat(500_000), null)
    findSecrets(`${'a'.repeat(47)}_`.repeat(20_000), null)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})

describe('tessera scan', () => {
  it('finds secrets in files and archives, prints places and previews, never the secret', async () => {
    writeFileSync(join(folder, 'app.env'), `A=1\nTOKEN=${secret}\n`)
    writeFileSync(join(folder, 'log.gz'), gzipSync(`x\ny\n${secret}`))
    writeFileSync(join(folder, 'one.tgz'), gzipSync(tar('deep/config', `${'-'.repeat(700)}\n${secret}\n`)))
    writeFileSync(join(folder, 'two.zip'), zip('inner/.env', `TOKEN=${secret}`))
    writeFileSync(join(folder, 'one-line.min.js'), `${'x'.repeat(999_970)}${secret}${'y'.repeat(2_000_000)}`)
    writeFileSync(join(folder, 'clean.txt'), 'nothing here')
    const { code, stdout, stderr } = await call(['scan', folder])
    expect(code).toBe(1)
    expect(stdout.replaceAll(`${folder}/`, '').split('\n').sort()).toEqual(
      [
        '',
        `app.env:2: ${shown}`,
        `log:3: ${shown}`,
        `one-line.min.js:1: ${shown}`,
        `one.tar!deep/config:2: ${shown}`,
        `two.zip!inner/.env:1: ${shown}`,
      ].sort(),
    )
    expect(stdout + stderr).not.toContain(secret)
    expect(await call(['scan', join(folder, 'clean.txt')])).toMatchObject({ code: 0, stdout: '' })
  })

  it('names commit and file of a history on stdin', async () => {
    const history = `commit 0123456789abcdef0123\nAuthor: a\n\n--- a/.env\n+++ b/.env\n@@ -0,0 +1 @@\n+TOKEN=${secret}\n`
    const { code, stdout } = await call(['scan', '-', '--json'], { stdin: history })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ findings: [{ path: 'stdin 0123456789ab .env', line: 7, preview: shown }] })
  })

  it('ends what it finds as leaked', async () => {
    const app = appFolder()
    try {
      const issued = await call(['issue', 'acme', '--name', 'CI'], { cwd: app.cwd })
      const { code, stdout } = await call(['scan', '-', '--revoke', '--actor', 'ci'], {
        cwd: app.cwd,
        stdin: issued.stdout,
      })
      expect(code).toBe(1)
      expect(stdout).toContain('is revoked as leaked')
      expect(app.audit().at(-1)).toBe('revoked cli:ci')
    } finally {
      app.remove()
    }
  })

  it('says what it could not read, and does not end well', async () => {
    writeFileSync(join(folder, 'damaged.zip'), 'PK')
    const { code, stderr } = await call(['scan', join(folder, 'damaged.zip')])
    expect(code).toBe(1)
    expect(stderr).toContain('damaged.zip: no zip archive')
  })
})

function tar(path: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(path)
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(512 - (content.length % 512)), Buffer.alloc(1_024)])
}

function zip(path: string, content: string): Buffer {
  const packed = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50)
  local.writeUInt16LE(path.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt16LE(path.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(local.length + path.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(path), packed, entry, Buffer.from(path), end])
}
