import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExposureBook, type Parties, type Standing } from '../../exposure';
import { BlindIndex } from '../../platform';
import { ActivePolicy, type PolicyVersion } from '../../policy';
import { PricingDataService } from '../../pricing';
import type { ProgrammeTerms, RateModel } from '../../decision/domain';
import type { DecisionInputs } from '../domain/decide';
import { readDecisionContext } from '../domain/decision-context';
import type { ProposalRequest } from '../domain/proposal-request';
import { partiesOf } from './opening';
import { decisionDataSha256 } from '../decision-data';
import { RATE_MODELS, type RateModelSource } from '../ports';
import { PROGRAMME_TERMS } from '../programme-terms';

/** When a decision is made, and within which limits. */
export interface DecisionMoment extends Pick<DecisionInputs, 'window' | 'installmentBelow'> {
  readonly now: Date;
  /** End of the internal auction. */
  readonly limitAt: Date;
}

/** What a decision is made from, and what its bid will be held against. */
export interface Gathered {
  readonly inputs: DecisionInputs;
  readonly parties: Parties;
  /** The state of our standing with the borrower that the inputs show. */
  readonly revision: string;
  /** Of the dated tables. */
  readonly dataSha256: string;
}

/** Brings the pure decision its inputs. */
@Injectable()
export class DecisionInputsSource {
  /** Of the dated tables that every decision of this process uses. */
  readonly dataSha256: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    private readonly exposure: ExposureBook,
    private readonly blindIndex: BlindIndex,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
    @Inject(RATE_MODELS) private readonly rateModels: RateModelSource,
  ) {
    this.dataSha256 = decisionDataSha256(pricing.context.data, programme);
  }

  /** The policy in force: one batch is decided under one version. */
  currentPolicy(): PolicyVersion {
    return this.policies.current();
  }

  /** The hashes one of which is in force as far as this process knows. */
  policiesInForce(): readonly string[] {
    return this.policies.standsFor();
  }

  /** Looks which one is in force. @returns whether this process knows of others now than these */
  async knowsOtherPolicies(than: readonly string[]): Promise<boolean> {
    await this.policies.refresh();
    return this.policies.standsFor().join(' ') !== than.join(' ');
  }

  lookAtRates(): Promise<void> {
    return this.rateModels.look();
  }

  /** Under the version the auction began with; undefined when that version is not at hand any more. */
  async gatherAgain(
    policyHash: string,
    request: ProposalRequest,
    moment: DecisionMoment,
  ): Promise<Gathered | undefined> {
    const policy = await this.policies.byHash(policyHash);
    if (policy === undefined) return undefined;
    const parties = partiesOf(request, this.blindIndex);
    const standing = await this.exposure.standingOf(parties, request.key);
    return {
      inputs: {
        ...this.inputsOf(policy, request, parties, standing, moment),
        rateModel: await this.#rateModelOf(policy, request.key),
      },
      parties,
      revision: standing.revision,
      dataSha256: this.dataSha256,
    };
  }

  /** The auction's own: asking again must not draw from other rates. Where they are gone, the table's are asked. */
  async #rateModelOf({ compiled }: PolicyVersion, auctionKey: string): Promise<RateModel | undefined> {
    if (compiled.learning === undefined) return undefined;
    const [row] = await this.dataSource.query<{ context: unknown }[]>(
      `SELECT context FROM decision WHERE auction_key = $1 AND ordinal = 1 AND context ? 'rate_model'`,
      [auctionKey],
    );
    const stored = row && readDecisionContext(row.context).rateModel;
    return stored && this.rateModels.again(stored);
  }

  inputsOf(
    policy: PolicyVersion,
    request: ProposalRequest,
    { borrower }: Pick<Parties, 'borrower'>,
    standing: Standing,
    { now, limitAt, window, installmentBelow }: DecisionMoment,
  ): DecisionInputs {
    return {
      request,
      policy,
      pricing: this.pricing.context,
      programme: this.programme,
      context: {
        now,
        deadline: limitAt,
        liveOffers: {
          borrower: standing.borrowerOffers,
          employer: standing.employerOffers,
          lowestRate: standing.lowestRate,
        },
        exposure: { borrower: standing.borrowerExposure, employer: standing.employerExposure },
      },
      window,
      installmentBelow,
      rateModel: this.rateModels.current(policy.compiled, now, borrower),
    };
  }
}
