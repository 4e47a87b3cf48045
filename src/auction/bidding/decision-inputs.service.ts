import { Inject, Injectable } from '@nestjs/common';
import { ExposureBook, type Parties } from '../../exposure';
import { BlindIndex } from '../../platform';
import { ActivePolicy } from '../../policy';
import { PricingDataService } from '../../pricing';
import type { DecisionInputs, PolicyVersion, ProgrammeTerms } from '../domain/decide';
import type { ProposalRequest } from '../domain/proposal-request';
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
}

/** Brings the pure decision its inputs. */
@Injectable()
export class DecisionInputsSource {
  constructor(
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    private readonly exposure: ExposureBook,
    private readonly blindIndex: BlindIndex,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
  ) {}

  /** Under the active policy. */
  gather(request: ProposalRequest, moment: DecisionMoment): Promise<Gathered> {
    return this.#gatherUnder(this.policies.current(), request, moment);
  }

  /** Under the version the auction began with; undefined when that version is not at hand any more. */
  async gatherAgain(
    policyHash: string,
    request: ProposalRequest,
    moment: DecisionMoment,
  ): Promise<Gathered | undefined> {
    const policy = await this.policies.byHash(policyHash);
    return policy && (await this.#gatherUnder(policy, request, moment));
  }

  /** Whether the active policy bids after the limit, when the first proposal wins if nobody has bid. */
  bidsLate(): boolean {
    return this.policies.current().compiled.policy.late_bidding.enabled;
  }

  async #gatherUnder(
    policy: PolicyVersion,
    request: ProposalRequest,
    { now, limitAt, window, installmentBelow }: DecisionMoment,
  ): Promise<Gathered> {
    const parties = this.#partiesOf(request);
    const standing = await this.exposure.standingOf(parties, request.key);
    const inputs = {
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
    return { inputs, parties, revision: standing.revision };
  }

  #partiesOf({ borrower, employer }: ProposalRequest): Parties {
    const { cpf } = borrower;
    const { documentNumber } = employer;
    return {
      borrower: cpf && this.blindIndex.of('cpf', cpf.reveal()),
      employer: documentNumber === undefined ? undefined : this.blindIndex.of('employer', documentNumber),
    };
  }
}
