import { BrandedError } from '@tessera/core'

/** Why no access token was issued: the codes of RFC 6749 §5.2 and RFC 8693 §2.2.2. They never change. */
export type ExchangeErrorCode =
  | 'invalid_request' // the request cannot be read, or the token to exchange is not valid
  | 'invalid_scope' // a scope that is malformed, or that the token does not hold
  | 'invalid_target' // an audience or resource that access tokens are not issued for
  | 'unsupported_grant_type'

/** Thrown if a token cannot be exchanged. Match on `code`; `message` is for people and may change. */
export class ExchangeError extends BrandedError {
  static override readonly brand: symbol = Symbol.for('tessera.ExchangeError')
  override readonly name = 'ExchangeError'
  readonly code: ExchangeErrorCode

  constructor(code: ExchangeErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
