import { call } from './call/call.ts'
import type { Asked, CallOptions, ChangeOptions } from './call/call.ts'
import { randomKey } from './call/random-key.ts'
import type { Received } from './call/repeat.ts'
import { settingsOf } from './client-options.ts'
import type { ClientOptions } from './client-options.ts'
import { givenHeader, ownSecret } from './credential/credential.ts'
import type { Source } from './credential/credential.ts'
import { createGate } from './credential/gate.ts'
import { listingOf } from './list-tokens.ts'
import type { TokenListing } from './list-tokens.ts'
import { accessTokens } from './renewal/access-tokens.ts'
import type { AccessTokens, AccessTokensOptions } from './renewal/access-tokens.ts'
import { selfRotation } from './renewal/rotate-self.ts'
import type { RotateSelfOptions } from './renewal/rotate-self.ts'
import { checkChange, pathOf } from './wire/changes.ts'
import type { EditFields, IssueFields, RevokeAllFilter, RotateFields } from './wire/changes.ts'
import { ClientError, underKey } from './wire/client-error.ts'
import { writeFilters } from './wire/list-filters.ts'
import type { ListFilters } from './wire/list-filters.ts'
import { readCount, readPage, readToken, readUsage } from './wire/read-token.ts'
import type { Issued, Token, Usage } from './wire/token.ts'

/** The tokens of one owner, by a server of the dialect `standard`. Each call rejects with a `ClientError`. */
export interface Client {
  /** Lists tokens. It goes on to the next page by itself, and until then asks for nothing. */
  list(filters?: ListFilters, options?: CallOptions): TokenListing
  get(id: string, options?: CallOptions): Promise<Token>
  /** The client's own token. */
  self(options?: CallOptions): Promise<Token>
  usage(options?: CallOptions): Promise<Usage>
  /**
   * Issues a token, once. With `secret_unavailable` the token `facts.tokenId` is there, but the answer with its secret was
   * lost: rotate or revoke it. This happens only if `authorization` is used in place of `token`.
   */
  issue(fields: IssueFields, options?: ChangeOptions): Promise<Issued>
  edit(id: string, fields: EditFields, options?: ChangeOptions): Promise<Token>
  /** Gives another token a successor. The old one ends with the first use of the successor, or with the overlap. */
  rotate(id: string, fields?: RotateFields, options?: ChangeOptions): Promise<Issued>
  suspend(id: string, options?: ChangeOptions): Promise<Token>
  resume(id: string, options?: ChangeOptions): Promise<Token>
  /** Ends a token, and tokens that follow it unused. */
  revoke(id: string, options?: ChangeOptions): Promise<Token>
  /** Ends all tokens that meet the filter. It must name something. */
  revokeAll(filter: RevokeAllFilter, options?: ChangeOptions): Promise<number>
  /**
   * Rotates the client's own token. `store` gets the new secret before anything uses it. After a failure or a
   * crash the old one is still accepted: rotate again. Calls at the same moment share one rotation, and it goes on if one
   * of them is ended.
   */
  rotateSelf(options?: RotateSelfOptions, callOptions?: CallOptions): Promise<Token>
  /**
   * Ends a rotation that a crash has cut off, for the start of a program: the overlap may be running. `null` if there is
   * none. It asks the server for the token.
   */
  finishRotation(options?: CallOptions): Promise<Token | null>
  /** The header's value with the newest secret, for your own requests. Ask for it at each of them. */
  authorization(): Promise<string>
  /** Short-lived signed access tokens in place of the secret, for your own requests. */
  accessTokens(options: AccessTokensOptions): AccessTokens
}

/** How often a rotation is asked for anew if its answer, with the secret, was lost for good. */
const MOST_ROTATIONS = 3

/**
 * Makes a client. It asks for nothing before its first call.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example
 * const client = createClient({ url: 'https://api.example.com/tokens', token: process.env.ACME_TOKEN })
 * for await (const token of client.list({ status: 'active' })) console.log(token.name)
 */
export function createClient(options: ClientOptions): Client {
  const settings = settingsOf(options)
  const { token, authorization, store } = options
  const own = token === undefined ? null : ownSecret(token)
  const credential = own ?? givenHeader(authorization as Source)
  const gate = createGate()
  const rotateOwn = own && store && selfRotation(settings, own, gate, store)

  const ask = async (asked: Asked, callOptions: CallOptions = {}) => call(settings, credential, asked, callOptions)

  async function change(asked: Omit<Asked, 'key'>, { idempotencyKey, ...callOptions }: ChangeOptions = {}) {
    return ask({ ...asked, key: idempotencyKey ?? randomKey() }, callOptions)
  }

  const tokenIn = ({ body }: Received) => readToken(body['token'])

  /** A repeated answer holds the secret only for the secret that asked first, so a rotation waits for this. */
  async function make(asked: Omit<Asked, 'key'>, changeOptions: ChangeOptions = {}): Promise<Issued> {
    const idempotencyKey = changeOptions.idempotencyKey ?? randomKey()
    const received = await gate.pass(async () => change(asked, { ...changeOptions, idempotencyKey }))
    const { secret } = received.body
    const token = tokenIn(received)
    if (typeof secret !== 'string') {
      const facts = { tokenId: token.id }
      const detail =
        'The token is there, but its secret was in an answer that was lost: rotate it by its id, or revoke it.'
      throw underKey(new ClientError('secret_unavailable', detail, { status: 201, facts }), idempotencyKey)
    }
    return { token, secret, replayed: received.headers.get('idempotent-replayed') === 'true' }
  }

  async function rotate(id: string, fields: RotateFields = {}, changeOptions: ChangeOptions = {}): Promise<Issued> {
    if (id === 'self') throw new TypeError('rotate: use rotateSelf for the token of the client')
    checkChange('rotate', fields)
    const asked = { method: 'POST', path: `${pathOf(id)}/rotate`, body: fields } as const
    for (let made = 1; ; made += 1) {
      try {
        return await make(asked, changeOptions)
      } catch (error) {
        // Nobody has its secret, so another successor may take its place.
        const isLost = error instanceof ClientError && error.code === 'secret_unavailable'
        if (!isLost || changeOptions.idempotencyKey !== undefined || made === MOST_ROTATIONS) throw error
      }
    }
  }

  async function issue(fields: IssueFields, changeOptions?: ChangeOptions): Promise<Issued> {
    checkChange('issue', fields)
    return make({ method: 'POST', path: '', body: fields }, changeOptions)
  }

  async function edit(id: string, fields: EditFields, changeOptions?: ChangeOptions): Promise<Token> {
    checkChange('edit', fields)
    return tokenIn(await change({ method: 'PATCH', path: pathOf(id), body: fields }, changeOptions))
  }

  async function revokeAll(filter: RevokeAllFilter, changeOptions?: ChangeOptions): Promise<number> {
    checkChange('revokeAll', filter)
    return readCount((await change({ method: 'POST', path: '/revoke-all', body: filter }, changeOptions)).body)
  }

  const act =
    (action: 'suspend' | 'resume') =>
    async (id: string, changeOptions?: ChangeOptions): Promise<Token> =>
      tokenIn(await change({ method: 'POST', path: `${pathOf(id)}/${action}` }, changeOptions))

  const get = async (id: string, callOptions?: CallOptions): Promise<Token> =>
    tokenIn(await ask({ method: 'GET', path: pathOf(id) }, callOptions))

  function list(filters: ListFilters = {}, callOptions?: CallOptions): TokenListing {
    const query = writeFilters(filters)
    return listingOf(async (after) => {
      const page = new URLSearchParams(query)
      if (after !== undefined) page.set('after', after)
      return readPage((await ask({ method: 'GET', path: '', query: page }, callOptions)).body)
    }, filters.after)
  }

  async function rotateSelf(rotation?: RotateSelfOptions, callOptions?: CallOptions): Promise<Token> {
    if (!rotateOwn) throw new TypeError('rotateSelf: the client needs the options "token" and "store"')
    return rotateOwn(rotation, callOptions)
  }

  return {
    list,
    get,
    self: async (callOptions) => get('self', callOptions),
    usage: async (callOptions) => readUsage((await ask({ method: 'GET', path: '/usage' }, callOptions)).body['usage']),
    issue,
    edit,
    rotate,
    suspend: act('suspend'),
    resume: act('resume'),
    revoke: async (id, changeOptions) => tokenIn(await change({ method: 'DELETE', path: pathOf(id) }, changeOptions)),
    revokeAll,
    rotateSelf,
    async finishRotation(callOptions) {
      const { rotatedTo } = await get('self', callOptions)
      return rotatedTo === null ? null : rotateSelf({}, callOptions)
    },
    authorization: credential.header,
    accessTokens(accessOptions) {
      if (own === null) throw new TypeError('accessTokens: the client needs the option "token"')
      return accessTokens(settings, own, accessOptions)
    },
  }
}
