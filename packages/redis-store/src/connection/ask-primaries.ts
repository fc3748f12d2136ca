import { createDeadline } from '@tessera/core'
import { primariesOf } from '../client/client.ts'
import type { RedisClient } from '../client/client.ts'
import { storeErrorOf } from '../client/failure.ts'
import { readInfo } from './server-info.ts'
import type { ServerInfo } from './server-info.ts'

/** A server's facts about itself, or its failure to give them. */
export type Answer =
  | { readonly node: RedisClient; readonly info: ServerInfo }
  | { readonly node: RedisClient; readonly info: null; readonly cause: unknown }

/**
 * Asks all servers known to the client as primaries. If the client is wrong, it reads the slots of its cluster again.
 *
 * @param sections Of INFO; all the usual ones if there are none.
 */
export async function askPrimaries(
  client: RedisClient,
  sections: readonly string[],
  patienceMs: number,
): Promise<readonly Answer[]> {
  const [whole, half] = [createDeadline(patienceMs), createDeadline(patienceMs / 2)]
  const ask = async (node: RedisClient): Promise<Answer> => {
    // A node of a cluster that is not connected may be gone, and keeps the others waiting. Its connection begins an epoch.
    const withinDeadline = client.isCluster && node.status !== 'ready' ? half : whole
    try {
      return { node, info: readInfo(await withinDeadline(() => node.callBuffer('info', [...sections]), unanswered)) }
    } catch (cause) {
      return { node, info: null, cause }
    }
  }
  const answers = await Promise.all(primariesOf(client).map(ask))
  if (answers.some(({ info }) => info === null || info.isReplica)) client.refreshSlotsCache?.()
  return answers
}

function unanswered(cause: unknown): Error {
  return storeErrorOf('check the server', cause)
}
