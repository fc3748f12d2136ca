/** The additions to a challenge, beside the error. */
export interface ChallengeOptions {
  /** Names the protection space (RFC 9110 §11.5). Default `api`, where the challenge has no error. */
  readonly realm?: string
  /** The required scopes. */
  readonly scopes?: readonly string[]
  /** The URL of the API's metadata (RFC 9728 §5.1), see `protectedResourceMetadata`. Default none. */
  readonly resourceMetadata?: string
  /** Words it for a person who signs in: without a challenge, since no token is wanted. Default false. */
  readonly forPerson?: boolean
}
