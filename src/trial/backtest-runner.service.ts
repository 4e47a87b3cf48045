import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HOUR_MS } from '../kernel';
import { LOGGER, Periodic, ReadDatabase, SETTINGS, type Logger, type Settings } from '../platform';
import { ActivePolicy } from '../policy';
import { runBacktest } from './backtest';
import { BacktestReports, type BacktestReport } from './backtest-reports.service';

/** The process that was asked begins at once; this is for what others left. */
const LOOK_EVERY_MS = 10_000;
/** A run lasts as long as its backtest. */
const LATE_AFTER_MS = 6 * HOUR_MS;

/** Carries out the backtests people order, one at a time in a process. One that a dead process left begins anew. */
@Injectable()
export class BacktestRunner implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;

  constructor(
    private readonly database: ReadDatabase,
    private readonly reports: BacktestReports,
    private readonly policies: ActivePolicy,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'backtests',
      everyMs: LOOK_EVERY_MS,
      lateAfterMs: LATE_AFTER_MS,
      run: () => this.#takeOne(),
      logger,
      failed: 'backtests could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE === 'web') return;
    this.#work.start(0);
    this.reports.onOrder(() => {
      this.#work.hurry();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  async #takeOne(): Promise<void> {
    const report = await this.reports.claim();
    if (report === undefined) return;
    this.#work.hurry(); // there may be another
    try {
      await this.#carryOut(report);
    } catch (error) {
      this.logger.error({ err: error, backtest: report.id }, 'backtest failed');
      await this.reports.fail(report.id, 'O backtest falhou; o registro do serviço diz por quê.');
    }
  }

  async #carryOut({ id, baseline_hash, candidate_hash, received_from, received_before }: BacktestReport) {
    const [baseline, candidate] = await Promise.all(
      [baseline_hash, candidate_hash].map((hash) => this.policies.byHash(hash)),
    );
    if (baseline === undefined || candidate === undefined) {
      await this.reports.fail(id, 'O rascunho mudou: a versão pedida não existe mais.');
      return;
    }
    const period = { from: received_from, before: received_before };
    const archive = {
      database: this.database,
      encryptionKeys: this.settings.ARREMATE_ENCRYPTION_KEY,
    };
    const result = await runBacktest(archive, { baseline, candidate }, period, async (done, total) => {
      return !this.#work.isStopping && (await this.reports.progress(id, done, total));
    });
    if (result.kind === 'stopped') return;
    await this.reports.finish(id, result.figures.requests, result.figures);
    this.logger.info({ backtest: id, requests: result.figures.requests }, 'backtest done');
  }
}
