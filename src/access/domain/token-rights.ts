import { GRANTS, isGranted, type Role } from './roles';

/** Who answers for a token, as they are now. */
export interface Keeper {
  readonly roles: readonly string[];
  readonly isDisabled: boolean;
}

/** A token as it was given out. */
export interface GivenToken {
  readonly roles: readonly Role[];
  readonly expiresAt: Date;
  readonly isRevoked: boolean;
  /** Undefined: nobody answers for it, and it lives until it ends. */
  readonly keeper: Keeper | undefined;
}

/** `unkept`: its keeper is disabled or has none of its roles left. */
export type TokenStatus = 'active' | 'revoked' | 'expired' | 'unkept';

/** What a token may do now: never more than its keeper may. */
export function rightsOf(
  { roles, expiresAt, isRevoked, keeper }: GivenToken,
  now: Date,
): { readonly status: TokenStatus; readonly roles: readonly Role[] } {
  if (isRevoked) return { status: 'revoked', roles: [] };
  if (expiresAt <= now) return { status: 'expired', roles: [] };
  const left = keeper === undefined ? roles : keptRoles(roles, keeper);
  return { status: left.length === 0 ? 'unkept' : 'active', roles: left };
}

/** Those of the roles that permit nothing which the keeper's roles do not permit as well. */
export function keptRoles(roles: readonly Role[], keeper: Keeper): readonly Role[] {
  if (keeper.isDisabled) return [];
  return roles.filter((role) => permissionsOf(role).every((one) => isGranted(one, keeper.roles)));
}

function permissionsOf(role: Role) {
  return Object.entries(GRANTS)
    .filter(([, granted]) => granted.includes(role))
    .map(([permission]) => permission as keyof typeof GRANTS);
}
