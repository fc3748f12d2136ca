import { HttpException, Inject, Injectable, SetMetadata, createParamDecorator } from '@nestjs/common'
import type { CanActivate, CustomDecorator, ExecutionContext } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { Tokens } from '@tessera/core'
import { gate, nodeHeaders } from '@tessera/http'
import type { Gate } from '@tessera/http'

/** The place of the tokens among the providers. */
export const TOKENS = Symbol('tokens')
const SCOPES = Symbol('scopes')

/** The scopes that a token needs for a route, or for all of a controller. */
export const RequireScopes = (...scopes: string[]): CustomDecorator<symbol> => SetMetadata(SCOPES, scopes)

/** The token of the request. */
export const CurrentToken = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return context.switchToHttp().getRequest().token
})

@Injectable()
export class TokenGuard implements CanActivate {
  private readonly decide: Gate

  constructor(
    @Inject(TOKENS) tokens: Tokens,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {
    this.decide = gate(tokens)
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const [request, response] = [context.switchToHttp().getRequest(), context.switchToHttp().getResponse()]
    const { rawHeaders } = request.raw ?? request
    const headers = nodeHeaders({ rawHeaders, headers: request.headers })
    const admission = await this.decide({ method: request.method, query: '', headers, ip: request.ip })
    const scopes = this.reflector.getAllAndOverride<string[]>(SCOPES, [context.getHandler(), context.getClass()])
    const decision = admission.ok && scopes !== undefined ? admission.require({ scopes }) : admission
    if (decision.ok) return (request.token = decision.token) !== null
    // Nest answers an exception with the headers that were set before.
    for (const [name, value] of Object.entries(decision.answer.headers)) response.header(name, value)
    throw new HttpException(JSON.parse(decision.answer.body), decision.answer.status)
  }
}
