import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, type Permission } from '../platform';
import { ENVIRONMENT_ACTOR, TOKENS, tokenOf, type TokenRow } from './api-token';
import { isGranted } from './domain/roles';

/** What people and scripts may do while they are not there to be asked: for work that goes on in their name. */
@Injectable()
export class Standings {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Those of these actors whose account or token is open and permits this now. Whoever acted by the environment's token has left
   * with its setting.
   * @param sql the transaction under way, if there is one: another connection might never come while it waits
   */
  async whoMay(
    permission: Permission,
    actors: readonly string[],
    sql: Pick<EntityManager, 'query'> = this.dataSource,
  ): Promise<ReadonlySet<string>> {
    if (actors.length === 0) return new Set();
    const users = await sql.query<{ actor: string; roles: readonly string[] }[]>(
      `SELECT 'user:' || username AS actor, roles FROM app_user
       WHERE disabled_at IS NULL AND username = ANY (SELECT substring(one FROM '^user:(.*)$') FROM unnest($1::text[]) AS one)`,
      [actors],
    );
    const tokens = await sql.query<TokenRow[]>(`${TOKENS} WHERE actor = ANY ($1)`, [actors]);
    const now = this.clock.now();
    const standing = [
      ...users,
      ...tokens.map((row) => ({ actor: row.actor, roles: tokenOf(row, now).rolesNow })),
    ];
    return new Set([
      ...standing.filter(({ roles }) => isGranted(permission, roles)).map(({ actor }) => actor),
      ...(actors.includes(ENVIRONMENT_ACTOR) && (await isTokenSet(sql)) ? [ENVIRONMENT_ACTOR] : []),
    ]);
  }
}

/** Said by the processes that answer requests; whoever asks may be a worker. While none of them lives nobody knows, and nobody has left. */
async function isTokenSet(sql: Pick<EntityManager, 'query'>): Promise<boolean> {
  const [said] = await sql.query<{ is_set: boolean | null }[]>(
    `SELECT bool_or(has_api_token IS DISTINCT FROM false) AS is_set FROM instance
     WHERE role <> 'worker' AND instance_is_alive(id)`,
  );
  return said?.is_set !== false;
}
