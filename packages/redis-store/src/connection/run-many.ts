import { isNoScript, isRedirection } from '../client/failure.ts'
import { byHash, runScript } from '../client/run-script.ts'
import type { ScriptCall } from '../client/run-script.ts'
import { noneIn } from '../text/reply.ts'
import { slotOf } from '../text/slot.ts'
import type { Session } from './session.ts'

/** A repeatable call of a script. All its keys have this hash tag. */
export interface TaggedCall extends ScriptCall {
  readonly tag: string
}

type Connected = Pick<Session, 'client' | 'send'>

/** Runs scripts without a result, in one pipeline for each node. Rejects if one of them failed. */
export async function runMany(session: Connected, calls: readonly TaggedCall[]): Promise<void> {
  const byNode = new Map<string, TaggedCall[]>()
  for (const call of calls) {
    const node = session.client.slots?.[slotOf(call.tag)]?.[0] ?? ''
    const group = byNode.get(node)
    if (group === undefined) byNode.set(node, [call])
    else group.push(call)
  }
  await Promise.all([...byNode.values()].map((group) => runPipeline(session, group)))
}

/**
 * Calls that fail in the pipeline, for a missing script or a moved slot, are made one by one, and ioredis redirects
 * them.
 */
async function runPipeline({ client, send }: Connected, calls: readonly TaggedCall[]): Promise<void> {
  const pipeline = client.pipeline()
  for (const call of calls) pipeline.callBuffer('evalsha', byHash(call))
  const results = (await pipeline.exec()) ?? []
  const undone: TaggedCall[] = []
  for (const [index, call] of calls.entries()) {
    const [error, reply] = results[index] ?? [null, undefined]
    if (isNoScript(error) || isRedirection(error)) undone.push(call)
    else if (error !== null) throw error
    else noneIn(reply)
  }
  const [first, ...others] = undone
  if (first !== undefined) noneIn(await runScript(send, first))
  for (const reply of await Promise.all(others.map((call) => runScript(send, call)))) noneIn(reply)
}
