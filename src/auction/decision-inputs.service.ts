import { Inject, Injectable } from '@nestjs/common';
import { ActivePolicy } from '../policy';
import { PricingDataService } from '../pricing';
import type { DecisionInputs, PolicyVersion, ProgrammeTerms } from './domain/decide';
import type { ProposalRequest } from './domain/proposal-request';
import { LiveOffers } from './live-offers.service';
import { PROGRAMME_TERMS } from './programme-terms';

/** When a decision is made, and within which limits. */
export interface DecisionMoment extends Pick<DecisionInputs, 'window' | 'installmentBelow'> {
  readonly now: Date;
  /** End of the internal auction. */
  readonly limitAt: Date;
}

/** Brings the pure decision its inputs. */
@Injectable()
export class DecisionInputsSource {
  constructor(
    private readonly policies: ActivePolicy,
    private readonly pricing: PricingDataService,
    private readonly liveOffers: LiveOffers,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
  ) {}

  /** Under the active policy. */
  gather(request: ProposalRequest, moment: DecisionMoment): Promise<DecisionInputs> {
    return this.#gatherUnder(this.policies.current(), request, moment);
  }

  /** Under the version the auction began with; undefined when that version is not at hand any more. */
  async gatherAgain(
    policyHash: string,
    request: ProposalRequest,
    moment: DecisionMoment,
  ): Promise<DecisionInputs | undefined> {
    const policy = this.policies.byHash(policyHash);
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
  ): Promise<DecisionInputs> {
    const standing = await this.liveOffers.standingOf(request, request.key);
    return {
      request,
      policy,
      pricing: this.pricing.context,
      programme: this.programme,
      context: { now, deadline: limitAt, ...standing },
      window,
      installmentBelow,
    };
  }
}
