import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** A process beside this one that answers questions, in the order they are asked in. */
export interface Worker<Question, Answer> extends AsyncDisposable {
  readonly pid: number
  /** Rejects when the process ends without an answer; the reason stands on stderr. */
  ask(question: Question): Promise<Answer>
}

/** @param file What the process runs, which calls {@link answerQuestions}. */
export function startWorker<Question extends object, Answer>(
  file: URL,
  args: readonly string[] = [],
): Worker<Question, Answer> {
  const child = fork(file, args)
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = []
  child.on('message', (answer) => waiting.shift()?.resolve(answer as Answer))
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`a worker ended without an answer: ${code ?? signal}`))
  })
  return {
    pid: child.pid ?? 0,
    ask: (question) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.send(question)
      }),
    async [Symbol.asyncDispose]() {
      if (!child.connected) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** Answers the process that started this one, and ends with it. */
export function answerQuestions<Question>(answer: (question: Question) => unknown): void {
  const reply = async (question: Question) => process.send?.(await answer(question))
  process.on('message', (question) => void reply(question as Question))
  process.once('disconnect', () => process.exit())
}

/** Keeps a process on one of the machine's cores, where `taskset` is there and there are several. */
export function pin(pid: number, core: number): boolean {
  if (availableParallelism() < 2) return false
  const args = ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)]
  return spawnSync('taskset', args, { stdio: 'ignore' }).status === 0
}
