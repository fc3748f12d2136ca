import type { ServerResponse } from 'node:http'
import type { Watch } from '@tessera/core'

/** Closes a watch once the response is sent, or its client is gone. */
export function closeWith(watch: Watch, response: Pick<ServerResponse, 'closed' | 'destroyed' | 'once'>): Watch {
  if (response.closed || response.destroyed) watch.close()
  else response.once('close', watch.close)
  return watch
}
