import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PROGRAMME_TERMS } from '../auction';
import type { ProgrammeTerms } from '../decision/domain';
import type { Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
  FieldCipher,
  LOGGER,
  readDryRun,
  SETTINGS,
  type Actor,
  type Logger,
  type Settings,
} from '../platform';
import { PricingDataService } from '../pricing';
import { runConformance } from './conformance';
import type { ConformanceReport, Finding } from './domain';
import type { ConformanceOptions } from './step';
import { StoredWebhooks } from './stored-webhooks';

/** For a webhook that should come at once. */
const WEBHOOK_WAIT_MS = 30_000;
/** No run lasts longer: one that seems to was left by a process that ended. */
const LONGEST_MINUTES = 10;

export interface ConformanceRun {
  readonly id: string;
  readonly requested_by: string;
  readonly started_at: Date;
  readonly base_url: string;
  readonly writes: boolean;
  readonly state: 'running' | 'done' | 'stopped' | 'abandoned';
  readonly stopped_because: string | null;
  readonly findings: readonly Finding[];
  readonly ended_at: Date | null;
}

/**
 *     running       another run is under way
 *     bids_allowed  a fictitious auction would be bid for by the service as well: only in a dry run, or while bidding is stopped
 */
export type RunRefusal = 'running' | 'bids_allowed';

/** The conformance programme beside the running service: with its settings, and through its own door. */
@Injectable()
export class ConformanceRuns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly audit: AuditTrail,
    private readonly pricing: PricingDataService,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async latest(): Promise<ConformanceRun | undefined> {
    await this.#giveUpAbandoned();
    const [run] = await this.dataSource.query<ConformanceRun[]>(
      `SELECT ${COLUMNS} FROM conformance_run ORDER BY started_at DESC LIMIT 1`,
    );
    return run;
  }

  /**
   * Starts a run and returns while it goes on.
   * @param writes whether it may open a fictitious auction at QI; otherwise only signatures are tried
   */
  async begin(writes: boolean, actor: Actor): Promise<ConformanceRun | RunRefusal> {
    if (writes && !(await this.#areBidsHeld())) return 'bids_allowed';
    await this.#giveUpAbandoned();
    const id = randomUUID();
    const run = await this.dataSource.transaction(async (tx) => {
      const [inserted] = await tx.query<ConformanceRun[]>(
        `INSERT INTO conformance_run (id, requested_by, started_at, base_url, writes, state)
         VALUES ($1, $2, $3, $4, $5, 'running') ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
        [id, actor.id, this.clock.now(), this.settings.QI_BASE_URL, writes],
      );
      if (inserted !== undefined)
        await this.audit.record(tx, { actor: actor.id, action: 'conformance.begun', subject: id });
      return inserted;
    });
    if (run === undefined) return 'running';
    void this.#carryOut(run).catch((error: unknown) => {
      this.logger.error({ err: error, conformance: id }, 'conformance run failed');
    });
    return run;
  }

  async #carryOut({ id, writes }: ConformanceRun): Promise<void> {
    const findings: Finding[] = [];
    let writing: Promise<unknown> = Promise.resolve();
    try {
      const report = await runConformance(await this.#context(), {
        say: () => undefined,
        ask: () => Promise.resolve(writes),
        found: (finding) => {
          findings.push(finding);
          const soFar = JSON.stringify(findings);
          writing = writing
            .then(() => this.#note(id, soFar))
            .catch((error: unknown) => {
              // The end of the run writes all of them.
              this.logger.error({ err: error, conformance: id }, 'a finding could not be shown yet');
            });
        },
      });
      await writing;
      await this.#end(id, writes ? report : { ...report, stopped: undefined });
    } catch (error) {
      await this.#end(id, { stopped: 'failed', findings });
      throw error;
    }
  }

  async #context() {
    return {
      options: this.#options(),
      receiver: await StoredWebhooks.begin(this.dataSource, this.cipher, this.clock),
      programme: this.programme,
      pricing: this.pricing.context,
      clock: this.clock,
      logger: this.logger,
    };
  }

  #options(): ConformanceOptions {
    return {
      baseUrl: this.settings.QI_BASE_URL,
      apiClientKey: this.settings.QI_API_CLIENT_KEY,
      privateKeyPem: this.settings.QI_PRIVATE_KEY_FILE,
      publicKeyPem: this.settings.QI_PUBLIC_KEY_FILE,
      signing: undefined,
      purchaserDocumentNumber: this.settings.PURCHASER_DOCUMENT_NUMBER,
      webhookWaitMs: WEBHOOK_WAIT_MS,
      acknowledgementWaitMs: 0,
    };
  }

  #note(id: string, findings: string): Promise<unknown> {
    return this.dataSource.query(`UPDATE conformance_run SET findings = $2 WHERE id = $1`, [id, findings]);
  }

  #end(id: string, { stopped, findings }: Pick<ConformanceReport, 'stopped' | 'findings'>): Promise<unknown> {
    return this.dataSource.query(
      `UPDATE conformance_run SET state = $2, stopped_because = $3, findings = $4, ended_at = $5
       WHERE id = $1 AND state = 'running'`,
      [
        id,
        stopped === undefined ? 'done' : 'stopped',
        stopped ?? null,
        JSON.stringify(findings),
        this.clock.now(),
      ],
    );
  }

  async #areBidsHeld(): Promise<boolean> {
    if ((await readDryRun(this.dataSource.manager, this.settings.ARREMATE_DRY_RUN)).all) return true;
    const [row] = await this.dataSource.query<{ engaged: boolean }[]>(`SELECT engaged FROM kill_switch`);
    return row?.engaged === true;
  }

  #giveUpAbandoned(): Promise<unknown> {
    return this.dataSource.query(
      `UPDATE conformance_run SET state = 'abandoned', ended_at = $1
       WHERE state = 'running' AND started_at < $1::timestamptz - interval '${LONGEST_MINUTES} minutes'`,
      [this.clock.now()],
    );
  }
}

const COLUMNS = 'id, requested_by, started_at, base_url, writes, state, stopped_because, findings, ended_at';
