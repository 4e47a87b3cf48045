import type { Role } from './domain/roles';
import { rightsOf, type TokenStatus } from './domain/token-rights';

/** The actor behind ARREMATE_API_TOKEN: no row, no keeper, no end but the setting's. */
export const ENVIRONMENT_ACTOR = 'api-token';

/** A token as it is shown: everything but its secret. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly actor: string;
  readonly roles: readonly Role[];
  /** What is left of the roles now: nothing for a token that has ended. */
  readonly rolesNow: readonly Role[];
  readonly status: TokenStatus;
  /** The username of who answers for it. */
  readonly keeper: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly actor: string;
  readonly roles: readonly Role[];
  readonly keeper: string | null;
  readonly keeper_roles: readonly string[] | null;
  readonly is_disabled: boolean;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

/** Tokens with who answers for them; of those from before there were keepers, with whether their maker is disabled. */
export const TOKENS = `
  SELECT api_token.id, name, actor, api_token.roles, keeper.username AS keeper, keeper.roles AS keeper_roles,
    coalesce(keeper.disabled_at, maker.disabled_at) IS NOT NULL AS is_disabled,
    api_token.created_by, api_token.created_at, expires_at, last_used_at, revoked_at
  FROM api_token
  LEFT JOIN app_user AS keeper ON keeper.id = keeper_id
  LEFT JOIN app_user AS maker
    ON keeper_id IS NULL AND maker.username = substring(api_token.created_by FROM '^user:(.*)$')`;

export function tokenOf(row: TokenRow, now: Date): ApiToken {
  const isKept = row.keeper !== null || row.is_disabled;
  const given = {
    roles: row.roles,
    expiresAt: row.expires_at,
    isRevoked: row.revoked_at !== null,
    keeper: isKept ? { roles: row.keeper_roles ?? [], isDisabled: row.is_disabled } : undefined,
  };
  const { status, roles: rolesNow } = rightsOf(given, now);
  return {
    id: row.id,
    name: row.name,
    actor: row.actor,
    roles: row.roles,
    rolesNow,
    status,
    keeper: row.keeper,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
