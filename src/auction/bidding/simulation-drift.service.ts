import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import { Decimal, assert } from '../../kernel';
import { closedCounter, LOGGER, METRICS, SETTINGS, type Logger, type Settings } from '../../platform';
import {
  PricingDataService,
  SIMULATED_FIELDS,
  compareSimulation,
  quote,
  type Quote,
  type SimulationDifference,
} from '../../pricing';
import type { LiveBid } from './bid-rows';
import type { ProgrammeTerms } from '../../decision/domain';
import type { ProposalSimulation } from '../domain/proposal';
import { PROGRAMME_TERMS } from '../programme-terms';

/** Where QI's figures for a bid are not ours; kept with the bid as it is, and asked by whoever counts what is remarkable. */
export interface Drift {
  readonly differences: readonly SimulationDifference[];
  /** Those beyond the tolerance. */
  readonly remarkable: readonly SimulationDifference[];
}

/** Holds QI's own figures for an accepted bid against ours, so that a change of its arithmetic shows the same day. */
@Injectable()
export class SimulationDrift {
  readonly #differences: Counter<'field'>;

  constructor(
    private readonly pricing: PricingDataService,
    @Inject(PROGRAMME_TERMS) private readonly programme: ProgrammeTerms,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#differences = closedCounter(metrics, {
      name: 'arremate_qi_drift_total',
      help: "Figures in QI's simulations of our bids that differ from ours beyond the tolerance",
      labels: { field: SIMULATED_FIELDS },
    });
  }

  /**
   * Every figure that is not ours, however little; those beyond the tolerance are counted and logged.
   * Never throws: QI has accepted the bid, and nothing here may stand between that and its record.
   * @returns undefined where they could not be compared
   */
  check(bid: LiveBid, simulation: ProposalSimulation): Drift | undefined {
    try {
      const differences = compareSimulation(this.#priceAgain(bid), simulation);
      const remarkable = differences.filter((each) =>
        each.difference.abs().gt(this.#toleranceOf(each.field)),
      );
      for (const difference of remarkable) this.#report(bid, difference);
      return { differences, remarkable };
    } catch (error) {
      this.logger.error(
        { err: error, request_control_key: bid.requestControlKey },
        "QI's simulation was not compared",
      );
      return undefined;
    }
  }

  #report(bid: LiveBid, { field, ours, theirs }: SimulationDifference): void {
    this.#differences.inc({ field });
    this.logger.warn(
      { request_control_key: bid.requestControlKey, field, ours: ours.toFixed(), theirs: theirs.toFixed() },
      "QI's simulation differs from ours",
    );
  }

  #toleranceOf(field: SimulationDifference['field']): Decimal {
    const { drift_tolerance_reais, drift_tolerance_rate } = this.settings.engine.auction;
    switch (field) {
      case 'numberOfInstallments':
        return new Decimal(0);
      case 'monthlyInterestRate':
      case 'monthlyCet':
        return drift_tolerance_rate;
      case 'annualCet': // a year compounds the rounding of its month
        return drift_tolerance_rate.times(20);
      default:
        return drift_tolerance_reais;
    }
  }

  #priceAgain({ terms }: LiveBid): Quote {
    const priced = quote(
      {
        disbursementDate: terms.disbursementDate,
        interestBase: this.programme.interestBase,
        contractFees: this.programme.contractFees,
        rebates: terms.rebates,
        rate: { kind: 'monthly', value: terms.monthlyInterestRate },
        shape: {
          kind: 'disbursed_issue_amount',
          disbursedIssueAmount: terms.disbursedIssueAmount,
          numberOfInstallments: terms.numberOfInstallments,
          firstDueDate: terms.firstDueDate,
        },
      },
      this.pricing.context,
    );
    assert(priced.kind === 'quoted', 'a bid that was priced once can be priced again');
    return priced.quote;
  }
}
