import { isNoScript, isRedirection } from './failure.ts'
import { noneIn } from './reply.ts'
import { byHash, runScript } from './run-script.ts'
import type { ScriptCall } from './run-script.ts'
import type { Session } from './session.ts'
import { slotOf } from './slot.ts'

/** A call of a script that can be repeated, whose keys have this hash tag. */
export interface TaggedCall extends ScriptCall {
  readonly tag: string
}

type Connected = Pick<Session, 'client' | 'send'>

/** Runs scripts that reply nothing in one pipeline for each node. Rejects when one of them failed. */
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

/** What the pipeline could not do because of where scripts and slots are is done call by call, which ioredis redirects. */
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
