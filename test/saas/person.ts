/** Somebody at the app, with a cookie. */
export interface Person {
  readonly email: string
  get(path: string, init?: RequestInit): Promise<Response>
  text(path: string): Promise<string>
  post(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
  signIn(password?: string): Promise<Response>
  /** Makes a token on the token page, and answers its secret. */
  makeToken(name: string, scopes: readonly string[]): Promise<string>
  cookie(): string
  /** How the cookie was set. */
  setCookie(): string
}

export const PASSWORD = 'correct horse battery'
const SECRET = /value="(acme_pat_\w{48})"/

function personAt(url: string, email: string): Person {
  let setCookie = ''
  const cookie = () => setCookie.split(';')[0] ?? ''

  async function get(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie: cookie(), ...(init.headers as Record<string, string>) }
    const answer = await fetch(new URL(path, url), { redirect: 'manual', ...init, headers })
    setCookie = answer.headers.getSetCookie()[0] ?? setCookie
    return answer
  }

  const text = async (path: string) => (await get(path)).text()
  const post: Person['post'] = (path, fields = {}, headers = {}) =>
    get(path, { method: 'POST', body: new URLSearchParams(fields), headers })

  async function makeToken(name: string, scopes: readonly string[]): Promise<string> {
    const [, key = ''] = /name="key" value="([^"]+)"/.exec(await text('/tokens/new')) ?? []
    const body = new URLSearchParams({ name, expiry: '30', networks: '', key })
    for (const scope of scopes) body.append('scopes', scope)
    const answer = await (await get('/tokens/new', { method: 'POST', body })).text()
    const [, secret] = SECRET.exec(answer) ?? []
    if (secret === undefined) throw new Error(`no token: ${answer}`)
    return secret
  }

  const signIn = (password = PASSWORD) => post('/sign-in', { email, password })
  return { email, get, text, post, signIn, makeToken, cookie, setCookie: () => setCookie }
}

/** A new account with an organization of its own. */
export async function signUp(url: string, name: string, more: Readonly<Record<string, string>> = {}): Promise<Person> {
  const person = personAt(url, `${name.toLowerCase()}@example.com`)
  const fields = { name, email: person.email, password: PASSWORD, organization: `House of ${name}`, ...more }
  const answer = await person.post('/sign-up', fields)
  if (answer.status !== 303) throw new Error(`${name} was not signed up: ${answer.status} ${await answer.text()}`)
  return person
}

/** The code of an invitation to the organization of this person. */
export async function invite(host: Person, role: string): Promise<string> {
  const page = await (await host.post('/people/invite', { role })).text()
  return /invitations\/([\w-]{32})"/.exec(page)?.[1] ?? ''
}

/** A new account, which joins the organization of the other person. */
export async function join(url: string, name: string, host: Person, role: string): Promise<Person> {
  const code = await invite(host, role)
  const person = await signUp(url, name, { invitation: code })
  const answer = await person.post(`/invitations/${code}`)
  if (answer.headers.get('location') !== '/projects') throw new Error(`${name} did not join: ${answer.status}`)
  return person
}

/** The path of somebody on the page of people. */
export async function pathOf(host: Person, { email }: Person): Promise<string> {
  const page = await host.text('/people')
  const [, id = ''] = /people\/([0-9a-f-]{36})\/role/.exec(page.slice(page.indexOf(email))) ?? []
  return `/people/${id}`
}
