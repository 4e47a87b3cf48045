import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { ApiTokens } from './api-tokens.service';
import { AuditController } from './audit.controller';
import { Callers } from './callers.service';
import { TokensController } from './tokens.controller';

/** Whoever imports it is guarded: the guard stands before every route of the application. */
@Module({
  controllers: [AuditController, TokensController],
  providers: [{ provide: APP_GUARD, useClass: AccessGuard }, ApiTokens, Callers],
})
export class AccessModule {}
