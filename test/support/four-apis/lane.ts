import type { Answer } from './answer.ts'
import { connect } from './connection.ts'
import type { Connection } from './connection.ts'

/** Sends many requests over one keep-alive connection, and over another once the server has closed that. */
export interface Lane {
  send(request: Uint8Array): Promise<Answer>
  close(): void
}

export function openLane(url: string): Lane {
  let current: Promise<Connection> | null = null

  function open(): Promise<Connection> {
    const opening = connect(url)
    const leave = (): void => {
      if (current === opening) current = null
    }
    opening.then(({ closed }) => closed).then(leave, leave)
    return opening
  }

  async function send(request: Uint8Array): Promise<Answer> {
    current ??= open()
    const connection = await current
    const answer = await connection.send(request)
    if (answer.headers.get('connection') === 'close') close()
    return answer
  }

  function close(): void {
    void current?.then((connection) => connection.close())
    current = null
  }

  return { send, close }
}
