import { Controller, Get, Module, UseGuards } from '@nestjs/common'
import { createTokens } from '@tessera/core'
import type { Token } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { CurrentToken, RequireScopes, TOKENS, TokenGuard } from './tessera.js'

@Controller('jobs')
@UseGuards(TokenGuard)
@RequireScopes('jobs:read')
class JobsController {
  @Get()
  list(@CurrentToken() token: Token): object {
    return { jobs: [], owner: token.owner }
  }

  @Get('all')
  @RequireScopes('admin')
  listAll(): object {
    return { jobs: [] }
  }
}

@Module({
  controllers: [JobsController],
  providers: [
    {
      provide: TOKENS,
      useFactory: () => createTokens({ store: memoryStore({ inProduction: true }), prefix: 'acme_pat' }),
    },
    TokenGuard,
  ],
})
export class AppModule {}
