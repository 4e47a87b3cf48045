import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { AccountController } from './account.controller';
import { ApiTokens } from './api-tokens.service';
import { AuditAnchors } from './audit-anchors.service';
import { AuditController } from './audit.controller';
import { Callers } from './callers.service';
import { Cookies } from './cookies.service';
import { FirstAdministrator } from './first-administrator.service';
import { InvitationsController } from './invitations.controller';
import { Invitations } from './invitations.service';
import { KnownBrowsers } from './known-browsers.service';
import { OidcController } from './oidc.controller';
import { OidcSignIn } from './oidc.service';
import { SessionController } from './session.controller';
import { Sessions } from './sessions.service';
import { SignIn } from './sign-in.service';
import { SignInThrottle } from './sign-in-throttle.service';
import { Standings } from './standings.service';
import { TokenExpiryWatch } from './token-expiry-watch.service';
import { TokenHolders } from './token-holders.service';
import { TokensController } from './tokens.controller';
import { UsersController } from './users.controller';
import { Users } from './users.service';

/** Whoever imports it is guarded: the guard stands before every route of the application. */
@Module({
  controllers: [
    AccountController,
    AuditController,
    InvitationsController,
    OidcController,
    SessionController,
    TokensController,
    UsersController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    ApiTokens,
    AuditAnchors,
    Callers,
    Cookies,
    FirstAdministrator,
    Invitations,
    KnownBrowsers,
    OidcSignIn,
    Sessions,
    SignIn,
    SignInThrottle,
    Standings,
    TokenExpiryWatch,
    TokenHolders,
    Users,
  ],
  exports: [Standings],
})
export class AccessModule {}
