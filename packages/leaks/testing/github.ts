import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** GitHub as far as its alerts go: a served list of keys, and signatures by them. */
export interface GitHub extends AsyncDisposable {
  readonly keysUrl: string
  /** How often the list was asked for. */
  asked(): number
  /** What the list is answered with; the list itself by default. */
  answer: { status: number; body?: string }
  /** Makes the key of later requests another one. */
  rotate(): void
  /** The headers of an alert. */
  headersFor(body: string): Record<string, string>
}

export async function startGitHub(curve = 'P-256'): Promise<GitHub> {
  const keys: { identifier: string; privateKey: KeyObject; pem: string }[] = []
  const answer: GitHub['answer'] = { status: 200 }
  let count = 0

  function rotate(): void {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    keys.push({ identifier: `key-${keys.length}`, privateKey, pem })
  }

  const server = createServer((_, response) => {
    count += 1
    const list = keys.map(({ identifier, pem }) => ({ key_identifier: identifier, key: pem, is_current: true }))
    response.writeHead(answer.status).end(answer.body ?? JSON.stringify({ public_keys: list }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  rotate()
  return {
    keysUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked: () => count,
    answer,
    rotate,
    headersFor(body) {
      const { identifier = '', privateKey } = keys.at(-1) ?? {}
      const signature = privateKey === undefined ? '' : sign('sha256', Buffer.from(body), privateKey).toString('base64')
      return {
        'content-type': 'application/json',
        'github-public-key-identifier': identifier,
        'github-public-key-signature': signature,
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
