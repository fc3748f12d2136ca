import { countIn } from '../text/reply.ts'
import type { Argument, RedisClient } from './client.ts'
import { isNoScript, isRedirection, refusesWrites } from './failure.ts'
import type { Reading, Script } from './script.ts'
import type { Send } from './send.ts'

/** One call of a script: its keys, of one node, and its other arguments. */
export interface ScriptCall {
  readonly script: Script
  readonly keys: readonly Argument[]
  readonly args: readonly Argument[]
}

/** One call of a reading script; see {@link ScriptCall}. */
export interface ReadingCall extends Omit<ScriptCall, 'script'> {
  readonly script: Reading
}

const MOST_ATTEMPTS = 5

/** Runs a script by its hash, or by its text if the server does not have it yet. */
export async function runScript(send: Send, call: ScriptCall): Promise<unknown> {
  try {
    return await send('evalsha', byHash(call))
  } catch (error) {
    if (!isNoScript(error)) throw error
    return send('eval', byText(call))
  }
}

/** Reads on a primary, even if it refuses writes for now. */
export async function runReading(send: Send, { script, ...call }: ReadingCall): Promise<unknown> {
  try {
    return await runScript(send, { script: script.guarded, ...call })
  } catch (error) {
    if (!refusesWrites(error)) throw error
    return runScript(send, { script: script.bare, ...call })
  }
}

/** Like {@link runScript}, and rejects unless so many replicas have the change. */
export async function runReplicated(
  client: RedisClient,
  call: ScriptCall,
  replicas: { readonly least: number; readonly waitMs: number },
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runAndWait(client, call, replicas)
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isRedirection(error)) throw error
      // ioredis follows redirections of a single command, not of a pipeline, and learns from them for the next one.
      await client.callBuffer('exists', call.keys.slice(0, 1))
    }
  }
}

/**
 * WAIT counts the writes of its own connection, so both go in one pipeline. ioredis never splits a pipeline: if the
 * connection is lost between the two replies, the second fails.
 */
async function runAndWait(
  client: RedisClient,
  call: ScriptCall,
  { least, waitMs }: { readonly least: number; readonly waitMs: number },
): Promise<unknown> {
  const send = async (command: string, args: Argument[]) => {
    const pipeline = client.pipeline()
    pipeline.callBuffer(command, args)
    pipeline.callBuffer('wait', [least, waitMs])
    return (await pipeline.exec()) ?? []
  }
  let [run, wait] = await send('evalsha', byHash(call))
  if (isNoScript(run?.[0])) [run, wait] = await send('eval', byText(call))
  // The write's own reply first: WAIT counts replicas for a write that was refused, too.
  for (const reply of [run, wait]) if (reply?.[0]) throw reply[0]
  const reached = countIn(wait?.[1])
  if (reached < least) throw new Error(`only ${reached} of ${least} replicas confirmed what was written`)
  return run?.[1]
}

export function byHash({ script, keys, args }: ScriptCall): Argument[] {
  return [script.sha, keys.length, ...keys, ...args]
}

function byText({ script, keys, args }: ScriptCall): Argument[] {
  return [script.source, keys.length, ...keys, ...args]
}
