import { ClientError } from '../wire/client-error.ts'

/** The `fetch` of the platform, or one with the same contract. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Sends a request, and reads the answer up to a number of bytes.
 *
 * @throws ClientError `no_answer`, `answer_too_large`
 */
export async function sendOnce(fetch: Fetch, sent: Sent, maxBytes: number, signal: AbortSignal): Promise<Answer> {
  const { method, url, headers, body = null } = sent
  // A redirect is an answer: whoever follows one gives the secret away.
  const init: RequestInit = { method, headers, body, signal, redirect: 'manual' }
  try {
    const response = await fetch(url, init)
    return { status: response.status, headers: response.headers, text: await readText(response, maxBytes) }
  } catch (error) {
    throw error instanceof ClientError ? error : new ClientError('no_answer', `No whole answer came${reasonOf(error)}.`)
  }
}

async function readText({ status, body }: Response, maxBytes: number): Promise<string> {
  if (body === null) return ''
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) {
      reader.cancel().catch(() => {})
      throw new ClientError('answer_too_large', `The answer is longer than ${maxBytes} bytes.`, { status })
    }
    text += decoder.decode(value, { stream: true })
  }
}

const CODE = /^[A-Z][A-Z0-9_]{1,60}$/

/** The code of a network error, such as ECONNREFUSED. Its message may repeat a header, and so is left out. */
function reasonOf(error: unknown): string {
  const code = [error, error instanceof Error ? error.cause : undefined].map(codeIn).find((each) => CODE.test(each))
  return code === undefined ? '' : `: ${code}`
}

function codeIn(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  return hasCode && typeof error.code === 'string' ? error.code : ''
}
