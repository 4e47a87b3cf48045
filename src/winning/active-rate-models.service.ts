import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  decisionDataSha256,
  readProgrammeTerms,
  type RateModelSource,
  type StoredRateModel,
} from '../auction';
import {
  learnedFunds,
  type RateModel,
  type RateModelFallback,
  type RateModelStage,
} from '../decision/domain';
import { calendarDateAt, DAY_MS, Decimal, instantOf, type CalendarDate, type Clock } from '../kernel';
import { CLOCK, LOGGER, Periodic, type Logger } from '../platform';
import { ActivePolicy, type CompiledLearning, type CompiledPolicy } from '../policy';
import { PricingDataService } from '../pricing';
import {
  daysBetween,
  priceStepNow,
  verifyVersion,
  WHOLE,
  type ModelVersion,
  type VerifiedModel,
} from './domain';
import { assumptionsHash } from './night-terms';
import { RateModelDocuments } from './rate-model-documents.service';

/** Changes are told on the channel of policies; what was missed there, and how much money is left, is looked for. */
const LOOK_EVERY_MS = { heard: 10_000, unheard: 2_000 };

type Version = RateModel['version'];

interface Look {
  readonly hash: string | null;
  readonly stage: RateModelStage | null;
  readonly returned: boolean;
  readonly used: string | null;
}

interface Seen extends Look {
  readonly version: ModelVersion | undefined;
}

/**
 * The learned rates that decisions of this process bid from: looked at when it was changed, and every few seconds besides while the
 * policy lets rates be learnt, read whole once, and held against their hash and against what they were made for each day anew. Whatever is odd, the table is bid.
 */
@Injectable()
export class ActiveRateModels implements RateModelSource, OnModuleInit, OnModuleDestroy {
  readonly #dataSha256: string;
  readonly #looks: Periodic;
  #seen: Seen | undefined;
  /** Verified, by version, policy and day. */
  #verified: { readonly key: string; readonly model: VerifiedModel } | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly documents: RateModelDocuments,
    pricing: PricingDataService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const programme = readProgrammeTerms(join(process.cwd(), 'config', 'programme.json'));
    this.#dataSha256 = decisionDataSha256(pricing.context.data, programme);
    this.#looks = new Periodic({
      name: 'rate_model',
      everyMs: () => (this.#isTold ? LOOK_EVERY_MS.heard : LOOK_EVERY_MS.unheard),
      run: () => this.look(),
      onError: (error) => {
        // What cannot be looked at is not bid with: the table is always there.
        this.#seen = undefined;
        logger.error({ err: error }, 'learned rates could not be looked for: the table is bid');
      },
    });
  }

  async onModuleInit(): Promise<void> {
    await this.look();
    this.#looks.start();
    this.policies.onNews(() => {
      this.#looks.hurry();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#looks.stop();
  }

  /** Looks now; for whoever has just changed something and wants this process to know. */
  async look(): Promise<void> {
    if (this.policies.current().compiled.learning === undefined) {
      this.#seen = undefined;
      return;
    }
    const [row] = await this.dataSource.query<Look[]>(
      `SELECT v.hash, v.stage, line.returned_at IS NOT NULL AS returned,
         (SELECT used::text FROM limit_use WHERE name = 'per_day' AND key = $1) AS used
       FROM rate_model_line line LEFT JOIN rate_model_version v ON v.state = 'in_force'`,
      [calendarDateAt(this.clock.now())],
    );
    if (row === undefined) return;
    const isKnown = row.hash !== null && row.hash === this.#seen?.hash;
    const version = isKnown ? this.#seen?.version : await this.documents.read(row.hash);
    if (row.hash !== this.#seen?.hash)
      this.logger.info({ version: row.hash, stage: row.stage }, 'learned rates switched');
    this.#seen = { ...row, version };
  }

  current(policy: CompiledPolicy, now: Date, borrower: Buffer | undefined): RateModel | undefined {
    const { learning } = policy;
    if (learning === undefined) return undefined;
    return { draw: borrower && drawOf(borrower), version: this.#versionFor(policy, learning, now) };
  }

  /** Why every bid of now is the table's; undefined where learned rates are bid as their stage says, or none may be learnt. */
  async fallback(): Promise<RateModelFallback | undefined> {
    await this.look();
    const { compiled } = this.policies.current();
    const version = this.current(compiled, this.clock.now(), undefined)?.version;
    return version?.kind === 'fallback' ? version.reason : undefined;
  }

  again(stored: StoredRateModel): Promise<RateModel | undefined> {
    return this.documents.again(stored);
  }

  /** What a version's rates rest on, on a day. */
  assumptionsOn(policy: CompiledPolicy, on: CalendarDate): string {
    return assumptionsHash(policy, on, this.#dataSha256);
  }

  get #isTold(): boolean {
    return this.policies.isHeard && learnedFunds(this.policies.current().compiled) === undefined;
  }

  #versionFor(policy: CompiledPolicy, learning: CompiledLearning, now: Date): Version {
    const seen = this.#seen;
    const hash = seen?.hash ?? undefined;
    const fallback = (reason: RateModelFallback): Version => ({
      kind: 'fallback',
      reason,
      hash,
    });
    if (seen?.version === undefined || hash === undefined || seen.stage === null)
      return fallback('NO_VERSION');
    if (seen.returned) return fallback('RETURNED');
    const model = this.#verify(seen.version, policy, learning, calendarDateAt(now));
    if (model.kind === 'fallback') return fallback(model.reason);
    const used = new Decimal(seen.used ?? 0);
    // Where all bids' money is spent no table would have room either.
    if (used.gte(learning.mandate.daily_funding ?? Infinity)) return fallback('FUNDING_SPENT');
    const left = learnedFunds(policy)?.minus(used);
    const priceStep = left ? priceStepNow(model.document, Number(left.toFixed()), restOfDay(now)) : 0;
    return { kind: 'usable', hash, document: model.document, stage: seen.stage, priceStep };
  }

  #verify(
    version: ModelVersion,
    policy: CompiledPolicy,
    learning: CompiledLearning,
    today: CalendarDate,
  ): VerifiedModel {
    const key = `${version.hash} ${policy.hash} ${today}`;
    if (this.#verified?.key === key) return this.#verified.model;
    const model = verifyVersion(version, {
      mandate: learning.mandateHash,
      policy: policy.hash,
      assumptions: this.assumptionsOn(policy, today),
      ageOn: (trainedThrough) => daysBetween(trainedThrough, today),
      mostDays: learning.mandate.validity_days,
      cells: learning.cells.length,
    });
    this.#verified = { key, model };
    return model;
  }
}

/** The same for a borrower for ever: of their blind index, which is keyed already. */
function drawOf(borrower: Buffer): number {
  return createHash('sha256').update('rate model').update(borrower).digest().readUInt32BE(0) % WHOLE;
}

/** The part of the day in São Paulo that is still to come. */
function restOfDay(now: Date): number {
  return 1 - (now.getTime() - instantOf(calendarDateAt(now), 0).getTime()) / DAY_MS;
}
