import { Inject, Injectable } from '@nestjs/common';
import { ExposureBook, type Parties, type Standing } from '../../exposure';
import { BlindIndex } from '../../platform';
import { ActivePolicy } from '../../policy';
import { PricingDataService } from '../../pricing';
import type { PolicyVersion, ProgrammeTerms } from '../../decision/domain';
import type { DecisionInputs } from '../domain/decide';
import type { ProposalRequest } from '../domain/proposal-request';
import { partiesOf } from './opening';
import { decisionDataSha256 } from '../decision-data';
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
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    private readonly exposure: ExposureBook,
    private readonly blindIndex: BlindIndex,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
  ) {
    this.dataSha256 = decisionDataSha256(pricing.context.data, programme);
  }

  /** The policy in force: one batch is decided under one version. */
  currentPolicy(): PolicyVersion {
    return this.policies.current();
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
      inputs: this.inputsOf(policy, request, standing, moment),
      parties,
      revision: standing.revision,
      dataSha256: this.dataSha256,
    };
  }

  inputsOf(
    policy: PolicyVersion,
    request: ProposalRequest,
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
    };
  }
}
