/** The choices of the forms. */
export interface FormOptions<Scope extends string = string> {
  /**
   * The scopes to choose from, each with its meaning: `{ 'jobs:read': 'Read jobs' }`. Default those of the catalogue, by
   * their names alone.
   */
  readonly scopes?: Readonly<Partial<Record<Scope, string>>>
  /** The lifetimes to choose from, in days. Default 7, 30, 90 and 365, as far as the rules of the tokens allow. */
  readonly expiryDays?: readonly number[]
  /** Offers a token without an end. Default true, if the rules of the tokens allow it. */
  readonly mayNeverExpire?: boolean
}
