import { join } from 'node:path';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import {
  CLOCK,
  KEEP_ALIVE,
  LOGGER,
  Periodic,
  ReadyDetails,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import type { PolicyVersion } from './domain';
import { PolicyLibrary } from './policy-library.service';
import type { Sql } from './policy-lists.service';
import { seedPolicy } from './seed-policy';
import { UnreadablePolicyError } from './unreadable-policy';

/** Payload: nothing. It only says that it is worth looking. */
export const POLICY_CHANNEL = 'policy_changed';
/** What is missed on the channel is found by looking, within the two seconds that a switch may take. */
const LOOK_EVERY_MS = 1_900;
const LOOK_EVERY_MS_UNHEARD = 1_000;

interface VersionRow {
  readonly hash: string;
  readonly state: string;
}

/**
 * The policy that decides now: one pointer, swapped whole once the new version has been read and compiled. Every
 * process hears of an activation at once, or sees it within two seconds; whoever writes a decision asks in the same
 * statement whether it is still so, for a process can stand still. A version that cannot be read here changes nothing:
 * the one before goes on deciding and the log says why.
 */
@Injectable()
export class ActivePolicy implements OnModuleInit, OnModuleDestroy {
  #active: PolicyVersion | undefined;
  /** In force, and not to be read here: the one before stands in for it. */
  #unreadable: string | undefined;
  /** What a version says never changes: it is tried once, and said once. */
  readonly #unreadableShadows = new Set<string>();
  #shadows: readonly PolicyVersion[] = [];
  #looking: Promise<void> = Promise.resolve();
  readonly #looks: Periodic;
  #listener: Client | undefined;
  readonly #followers: (() => void)[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly library: PolicyLibrary,
    private readonly readyDetails: ReadyDetails,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#looks = new Periodic({
      name: 'policy',
      everyMs: () => (this.#listener === undefined ? LOOK_EVERY_MS_UNHEARD : LOOK_EVERY_MS),
      run: () => this.#lookAgain(),
      logger,
      failed: 'the active policy could not be read: the one before stays',
    });
  }

  async onModuleInit(): Promise<void> {
    const seed = join(process.cwd(), 'config', 'policies', 'default.json');
    await this.dataSource.transaction((tx) => seedPolicy(tx, seed, this.clock.now()));
    await this.#look();
    this.current();
    this.readyDetails.add('policy', () => {
      const { version, compiled } = this.current();
      return { version, hash: compiled.hash };
    });
    await this.#listen();
    this.#looks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#looks.stop();
    await this.#looking;
    await this.#listener?.end();
  }

  /** @throws Error before the first one has been loaded. */
  current(): PolicyVersion {
    if (this.#active === undefined) throw new Error('no policy is active');
    return this.#active;
  }

  /** The hashes one of which must be in force while `current` decides: its own, or that of one that cannot be read here. */
  standsFor(): readonly string[] {
    const { hash } = this.current().compiled;
    return this.#unreadable === undefined ? [hash] : [hash, this.#unreadable];
  }

  /** The version in force as the transaction sees it; the one before where it cannot be read here. */
  async inForce(tx: Sql): Promise<PolicyVersion> {
    const [row] = await tx.query<Pick<VersionRow, 'hash'>[]>(
      `SELECT hash FROM policy_version WHERE state = 'active'`,
    );
    if (row === undefined || this.standsFor().includes(row.hash)) return this.current();
    try {
      return (await this.library.byHash(row.hash, tx)) ?? this.current();
    } catch (error) {
      if (!(error instanceof UnreadablePolicyError)) throw error;
      this.logger.error(
        { err: error, policy: row.hash },
        'the policy in force cannot be read: the one before stays',
      );
      return this.current();
    }
  }

  /** Approved versions that are to decide beside it, for comparison only. */
  shadows(): readonly PolicyVersion[] {
    return this.#shadows;
  }

  /** The version of this address, for an auction that began under it; undefined when there is none. */
  byHash(hash: string): Promise<PolicyVersion | undefined> {
    return this.#active?.compiled.hash === hash ? Promise.resolve(this.#active) : this.library.byHash(hash);
  }

  /** Whether what is said on the channel is heard here; while it is not, looking is all there is. */
  get isHeard(): boolean {
    return this.#listener !== undefined;
  }

  /** @param follow called in each process when somebody has said on the channel that it is worth looking */
  onNews(follow: () => void): void {
    this.#followers.push(follow);
  }

  /** Looks now; for whoever has just changed something and wants this process to know. */
  refresh(): Promise<void> {
    this.#looking = this.#looking.then(() =>
      this.#lookOrHangUp().catch((error: unknown) => {
        this.logger.error({ err: error }, 'the active policy could not be read: the one before stays');
      }),
    );
    return this.#looking;
  }

  async #lookOrHangUp(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof UnreadablePolicyError)) this.#hangUp(); // its connection may be one that only looks alive
      throw error;
    }
  }

  async #look(): Promise<void> {
    const rows = await this.#versionsThatDecide();
    const active = rows.find(({ state }) => state === 'active');
    if (active !== undefined) await this.#switchTo(active.hash);
    const shadows = rows.filter(({ state }) => state !== 'active');
    const versions = await Promise.all(shadows.map(({ hash }) => this.#shadowOf(hash)));
    this.#shadows = versions.filter((version) => version !== undefined);
  }

  /** One that cannot be read here compares nothing; what decides goes on without it, and a start too. */
  async #shadowOf(hash: string): Promise<PolicyVersion | undefined> {
    if (this.#unreadableShadows.has(hash)) return undefined;
    try {
      return await this.library.byHash(hash);
    } catch (error) {
      if (!(error instanceof UnreadablePolicyError)) throw error;
      this.#unreadableShadows.add(hash);
      this.logger.error({ err: error, policy: hash }, 'a shadow policy cannot be read: it compares nothing');
      return undefined;
    }
  }

  async #switchTo(hash: string): Promise<void> {
    const before = this.#active?.compiled.hash;
    if (hash !== before) {
      try {
        this.#active = await this.library.byHash(hash);
      } catch (error) {
        if (error instanceof UnreadablePolicyError) this.#unreadable = hash;
        throw error;
      }
      this.logger.info({ policy: hash, before, version: this.#active?.version }, 'policy switched');
    }
    this.#unreadable = undefined;
  }

  /** Asked on the listener's connection where there is one: in a rush the pooled ones all wait for auctions. */
  async #versionsThatDecide(): Promise<readonly VersionRow[]> {
    const text = `SELECT hash, state FROM policy_version WHERE state = 'active' OR shadow`;
    const listener = this.#listener;
    if (listener === undefined) return this.dataSource.query<VersionRow[]>(text);
    return (await listener.query<VersionRow>(text)).rows;
  }

  #hangUp(): void {
    this.#listener?.end().catch(() => undefined);
    this.#listener = undefined;
  }

  /** One connection of its own: a pooled one would be handed to somebody else. */
  async #listen(): Promise<void> {
    const client = new Client({
      connectionString: this.settings.DATABASE_URL,
      application_name: 'arremate-policy',
      connectionTimeoutMillis: 3_000,
      query_timeout: 3_000,
      ...KEEP_ALIVE,
    });
    const lost = (): void => {
      if (this.#listener === client) this.#listener = undefined;
    };
    client.on('notification', () => {
      if (this.#looks.isStopping) return;
      void this.refresh();
      for (const follow of this.#followers) follow();
    });
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      await client.query(`LISTEN ${POLICY_CHANNEL}`);
      this.#listener = client;
    } catch (error) {
      this.logger.warn({ err: error }, 'not listening for policy changes: looking every second instead');
      await client.end().catch(() => undefined);
    }
  }

  async #lookAgain(): Promise<void> {
    if (this.#listener === undefined && !this.#looks.isStopping) await this.#listen();
    const look = this.#looking.then(() => this.#lookOrHangUp());
    this.#looking = look.catch(() => undefined);
    await look;
  }
}
