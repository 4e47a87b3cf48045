import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, SETTINGS, type Permission, type Settings } from '../platform';
import { ENVIRONMENT_ACTOR, TOKENS, tokenOf, type TokenRow } from './api-token';
import { isGranted } from './domain/roles';

/** What people and scripts may do while they are not there to be asked: for work that goes on in their name. */
@Injectable()
export class Standings {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
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
    // A worker answers no requests and may have none, whatever those that do have.
    const isTokenSet =
      this.settings.ARREMATE_API_TOKEN !== undefined || this.settings.ARREMATE_ROLE === 'worker';
    const standing = [
      ...users,
      ...tokens.map((row) => ({ actor: row.actor, roles: tokenOf(row, now).rolesNow })),
    ];
    return new Set([
      ...standing.filter(({ roles }) => isGranted(permission, roles)).map(({ actor }) => actor),
      ...actors.filter((actor) => isTokenSet && actor === ENVIRONMENT_ACTOR),
    ]);
  }
}
