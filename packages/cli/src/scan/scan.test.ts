import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { generateSecret } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { appFolder, call } from '../../testing/call.ts'
import { scanStream } from './scan-stream.ts'

const secret = generateSecret('acme_pat', '00')
const shown = `acme_pat_${secret.slice(9, 13)}********${secret.slice(-4)}`
const folder = mkdtempSync(join(tmpdir(), 'tessera-scan-'))
afterAll(() => rmSync(folder, { recursive: true }))

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
    expect(JSON.parse(stdout)).toEqual({
      findings: [{ path: 'stdin 0123456789ab .env', line: 7, preview: shown }],
      unreadable: [],
    })
  })

  it.each([
    ['a removed file', `--- a/.env\n+++ /dev/null\n-${secret}`, 'stdin 0123456789ab .env:6'],
    ['a message', `+++ b/.env\ncommit fedcba9876543210\n    ${secret}`, 'stdin fedcba987654:6'],
    ['colours', `\u001B[1m+++ b/.env\u001B[m\n\u001B[32m+${secret}\u001B[m`, 'stdin 0123456789ab .env:5'],
  ])('names the place of %s', async (about, patch, place) => {
    const commit = 'commit 0123456789abcdef0123'
    const history = `${about === 'colours' ? `\u001B[33m${commit}\u001B[m` : commit}\nAuthor: a\n\n${patch}\n`
    expect((await call(['scan', '-'], { stdin: history })).stdout).toBe(`${place}: ${shown}\n`)
  })

  it('takes linear time for a long line in many pieces', async () => {
    async function* lineOf(pieces: number) {
      for (let at = 0; at < pieces; at++) yield Buffer.alloc(50, 'x')
      yield secret
    }
    const timeOf = async (pieces: number) => {
      const begun = performance.now()
      expect(await found(lineOf(pieces))).toMatchObject([{ line: 1, secret }])
      return performance.now() - begun
    }
    // The shortest of three: whatever else runs here only adds to it.
    const shortest = async (pieces: number) =>
      Math.min(await timeOf(pieces), await timeOf(pieces), await timeOf(pieces))
    await timeOf(2_000)
    expect(await shortest(16_000)).toBeLessThan(24 * (await shortest(2_000)))
  })

  it('ends what it finds as leaked, and goes on if one fails', async () => {
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
      const failing = `import { tokens as own } from './tokens.js'
let calls = 0
const revokeSecret = async () => { if (calls++ === 0) throw new Error('away'); return { token: { id: 'second' }, ended: [] } }
export const tokens = Object.create(own, { revokeSecret: { value: revokeSecret } })`
      writeFileSync(join(app.cwd, 'failing.js'), failing)
      const stdin = `${secret}\n${generateSecret('acme_pat', '00')}`
      const argv = ['scan', '-', '--revoke', '--json', '--tokens', 'failing.js']
      const half = await call(argv, { cwd: app.cwd, stdin })
      expect(half.code).toBe(3)
      expect(JSON.parse(half.stdout)).toMatchObject({ findings: [{}, {}], ended: ['second'], failed: [shown] })
      const missing = await call(['scan', '-', '--revoke', '--tokens', 'none.js'], { cwd: app.cwd, stdin })
      expect(missing).toMatchObject({ code: 2, stdout: '' })
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

  it('opens archives in archives, by their bytes', async () => {
    const text = Buffer.from(`TOKEN=${secret}`)
    const longName = `${'deep/'.repeat(40)}.env`
    const pax = `${longName.length + 9} path=${longName}\n`
    const nested: Readonly<Record<string, Buffer>> = {
      'zip-in-zip': zip('in.zip', zip('.env', text)),
      'zip-in-tar': tar('in.zip', zip('.env', text)),
      'tgz-in-zip': zip('in.tgz', gzipSync(tar('.env', text))),
      'joined-tars': Buffer.concat([tar('a', 'nothing'), tar('.env', text)]),
      'comment.docx': zip('.env', text, 'PK\u0005\u0006 is no end of a comment, however long it goes on'),
      'gnu.tar': Buffer.concat([tar('././@LongLink', longName, 'L').subarray(0, -1_024), tar('short', text)]),
      'pax.tar': Buffer.concat([tar('pax', pax, 'x').subarray(0, -1_024), tar('short', text)]),
      'utf-16le.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`TOKEN=${secret}`, 'utf16le')]),
      'utf-16be.txt': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(`TOKEN=${secret}`, 'utf16le').swap16()]),
    }
    for (const [name, bytes] of Object.entries(nested)) {
      writeFileSync(join(folder, name), bytes)
      const { code, stdout, stderr } = await call(['scan', join(folder, name)])
      expect({ name, code, stdout, stderr }).toMatchObject({ code: 1, stderr: '1 secrets found\n' })
      expect(stdout).toMatch(new RegExp(`${name.slice(0, 3)}.*:1: `))
      if (/gnu|pax/.test(name)) expect(stdout).toContain(`!${longName}:1`)
    }
  })

  it('ends with 1 and a reason for what it cannot read, and goes on', async () => {
    const zip64 = zip('.env', 'x')
    zip64.writeUInt16LE(0xffff, zip64.length - 12)
    const encrypted = zip('.env', 'x')
    encrypted.writeUInt16LE(1, encrypted.indexOf('PK\u0001\u0002', 'latin1') + 8)
    const unreadable: Readonly<Record<string, readonly [Buffer, string]>> = {
      'a.xz': [Buffer.from('fd377a585a000000', 'hex'), 'xz is not supported'],
      'b.bz2': [Buffer.from('BZh91AY&SY'), 'bzip2 is not supported'],
      'c.zip': [zip64, 'zip64 is not supported'],
      'd.zip': [encrypted, 'encrypted'],
      'e.zip': [zip('.env', 'x').subarray(0, -30), 'cut'],
      'f.tar': [tar('.env', 'x'.repeat(2_000)).subarray(0, 1_000), 'a cut tar archive'],
      'g.gz.gz': [gzipSync(gzipSync('x'.repeat(2_000)).subarray(0, 20)), 'unexpected end of file'],
      'h.tar': [Buffer.concat([tar('ok', 'x'), Buffer.alloc(512, 'y')]), 'damaged or cut'],
      'i.zip': [tar('in.gz', gzipSync('x'.repeat(2_000)).subarray(0, 20)), 'unexpected end of file'],
    }
    const below = mkdtempSync(join(folder, 'unreadable-'))
    for (const [name, [bytes]] of Object.entries(unreadable)) writeFileSync(join(below, name), bytes)
    writeFileSync(join(below, 'z.env'), secret)
    symlinkSync('loop', join(below, 'loop'))
    const { code, stdout } = await call(['scan', '--json', below, join(below, 'loop'), '/proc/self/mem'])
    expect(code).toBe(1)
    const report = JSON.parse(stdout)
    expect(report.findings).toMatchObject([{ path: join(below, 'z.env') }])
    const reasons = [...Object.values(unreadable).map(([, reason]) => reason), 'ELOOP', 'EIO']
    // The cut archive is named beside its cut file.
    const named = report.unreadable.filter((line: string) => !line.includes('f.tar!'))
    expect(named).toEqual(reasons.map((reason) => expect.stringContaining(reason)))
  })

  it('follows a named link, leaves out one below a folder, and refuses a path that is not there', async () => {
    const links = mkdtempSync(join(folder, 'links-'))
    writeFileSync(join(folder, 'linked.env'), secret)
    symlinkSync('../linked.env', join(links, 'link'))
    expect(await call(['scan', links])).toMatchObject({ code: 0 })
    expect(await call(['scan', join(links, 'link')])).toMatchObject({ code: 1 })
    const missing = await call(['scan', join(links, 'link'), join(links, 'nosuch')])
    expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('there is no') })
    expect(await call(['scan', '--find-prefix', 'no prefix', links])).toMatchObject({ code: 2 })
  })

  it('finds a secret in a name, and never prints it', async () => {
    const named = mkdtempSync(join(folder, 'named-'))
    mkdirSync(join(named, `${secret}.d`))
    writeFileSync(join(named, `${secret}.d`, 'x.zip'), tar(`in/${secret}`, 'nothing'))
    writeFileSync(join(named, `${secret}.xz`), Buffer.from('fd377a585a000000', 'hex'))
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await call(['scan', named, ...json])
      expect(code).toBe(1)
      expect(stdout).toContain(`${shown}.d`)
      expect(stdout).toContain(`x.zip!in/${shown}`)
      expect(stdout + stderr).not.toContain(secret)
    }
    const history = `commit 0123456789abcdef0123\n+++ b/${secret}.env\n+${secret}\n`
    const { stdout } = await call(['scan', '-'], { stdin: history })
    expect(stdout).not.toContain(secret)
  })
})

function tar(path: string, content: string | Buffer, kind = ''): Buffer {
  const header = Buffer.alloc(512)
  header.write(path)
  header.write(kind, 156)
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  header.write(' '.repeat(8), 148)
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8)}\0`, 148)
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(512 - (content.length % 512)), Buffer.alloc(1_024)])
}

function zip(path: string, content: string | Buffer, comment = ''): Buffer {
  const packed = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50)
  local.writeUInt16LE(path.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt16LE(path.length, 28)
  const end = Buffer.alloc(22 + comment.length)
  end.write(comment, 22, 'latin1')
  end.writeUInt32LE(entry.length + path.length, 12)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(local.length + path.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(path), packed, entry, Buffer.from(path), end])
}

async function found(pieces: AsyncIterable<Uint8Array | string>): Promise<readonly unknown[]> {
  const all = []
  for await (const finding of scanStream('x', pieces, null)) all.push(finding)
  return all
}
