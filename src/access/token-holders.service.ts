import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS, type Clock } from '../kernel';
import { CLOCK, SETTINGS, type Actor, type Settings } from '../platform';
import { ENVIRONMENT_ACTOR, TOKENS, tokenOf, type TokenRow } from './api-token';
import { ROLES } from './domain/roles';
import { hashOfSecret } from './secret-token';

/** The last use of a token is written no more often than this. */
const USE_NOTED_EVERY_MS = MINUTE_MS;

/** Who asks with a bearer token. */
@Injectable()
export class TokenHolders {
  readonly #environmentToken: Buffer | undefined;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) { ARREMATE_API_TOKEN }: Settings,
  ) {
    this.#environmentToken = ARREMATE_API_TOKEN === undefined ? undefined : hashOfSecret(ARREMATE_API_TOKEN);
  }

  /** Whose token it is; undefined for one that nobody gave out, or that has ended by whatever way. */
  async holderOf(secret: string): Promise<Actor | undefined> {
    const hash = hashOfSecret(secret);
    if (this.#environmentToken !== undefined && timingSafeEqual(hash, this.#environmentToken))
      return { id: ENVIRONMENT_ACTOR, roles: ROLES };
    const [row] = await this.dataSource.query<TokenRow[]>(`${TOKENS} WHERE token_hash = $1`, [hash]);
    if (row === undefined) return undefined;
    const now = this.clock.now();
    const token = tokenOf(row, now);
    if (token.status !== 'active') return undefined;
    await this.#noteUse(row, now);
    return { id: token.actor, roles: token.rolesNow };
  }

  async #noteUse({ id, last_used_at: last }: TokenRow, now: Date): Promise<void> {
    const minuteAgo = new Date(now.getTime() - USE_NOTED_EVERY_MS);
    if (last !== null && last > minuteAgo) return;
    await this.dataSource.query(
      `UPDATE api_token SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)`,
      [id, now, minuteAgo],
    );
  }
}
