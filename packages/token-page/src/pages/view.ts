import type { Tokens } from '@tessera/core'
import type { Caller, OnError } from '@tessera/http'
import type { FormOptions } from '../forms/form-options.ts'
import type { Words } from '../words/words.ts'

/** Facts about the app, for pages. */
export interface PageOptions<Scope extends string = string> extends FormOptions<Scope> {
  /** The address of the app's login. Nobody is led there. Default: a page says that nobody is signed in. */
  readonly signIn?: string
  /** Called with every store failure answered with 503. Default: a process warning. */
  readonly onError?: OnError
}

/** Everything for writing a page. */
export interface View {
  readonly tokens: Tokens
  readonly options: PageOptions
  readonly words: Words
  /** The path of the list, without a slash at its end: the base of every link. */
  readonly base: string
  readonly now: number
  readonly caller: Caller
}
