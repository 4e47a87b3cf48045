import { itemAt, type CalendarDate } from '../../../../kernel';
import {
  capsOf,
  judgeOffer,
  limitReason,
  refusedAfterAll,
  type JudgeTerms,
  type OfferJudgement,
  type OpenFeeTable,
} from '../../../../decision/domain';
import { limitsReachedByDebt, type DebtStanding } from '../../../../exposure/domain';
import type { Facts, ProductFacts } from '../../../../policy/domain';
import type { PricingContext } from '../../../../pricing/domain';
import { fgtsOfferFacts } from './facts';
import type { Period } from './periods';
import type { FgtsRules } from './rules';
import { simulateFgts, type FgtsSimulation, type FgtsWish } from './simulate';

/** What one fee table comes to: figures, and what the policy says of them; or why it gives none. */
export interface FgtsOffer {
  readonly simulation: FgtsSimulation;
  /** undefined when there are no figures to judge. */
  readonly judgement: OfferJudgement | undefined;
}

/** What all offers are made on. */
export interface OfferGround {
  readonly facts: Facts & ProductFacts<'fgts'>;
  readonly standing: DebtStanding;
  readonly birthDate: CalendarDate | undefined;
  /** Upper bounds of what may be ceded. */
  readonly periods: readonly Period[];
  readonly wish: FgtsWish;
  readonly disbursementDate: CalendarDate;
  readonly rules: FgtsRules;
  readonly terms: JudgeTerms;
  readonly pricing: PricingContext;
}

/** Every fee table of the policy beside the others. */
export function fgtsOffers(tables: readonly OpenFeeTable[], ground: OfferGround): readonly FgtsOffer[] {
  return tables.map((table) => offerOf(table, ground));
}

/**
 * Prices may depend on the amount, and the amount on the price: the first price that fits the amount it leads to is the
 * table's; where none does, the judgement of the last says so.
 */
function offerOf(table: OpenFeeTable, ground: OfferGround): FgtsOffer {
  const made: FgtsOffer[] = [];
  for (const band of table.bands) {
    const simulation = simulateFgts(
      ground.periods,
      ground.wish,
      {
        id: table.id,
        label: table.label,
        monthlyInterestRate: band.monthlyInterestRate,
        contractFees: table.contractFees,
        rebates: band.rebates,
        priceRow: band.id,
      },
      ground.disbursementDate,
      ground.rules,
      ground.pricing,
    );
    made.push({ simulation, judgement: judged(simulation, table.id, ground) });
    if (made.at(-1)?.judgement?.outcome !== 'refused') break;
  }
  return itemAt(made, made.length - 1);
}

function judged(
  simulation: FgtsSimulation,
  feeTable: string,
  { facts, standing, birthDate, terms }: OfferGround,
): OfferJudgement | undefined {
  if (simulation.kind === 'refused') return undefined;
  const { quote, periods } = simulation;
  const judgement = judgeOffer('fgts', fgtsOfferFacts(facts, quote, periods, birthDate), {
    ...terms,
    feeTable,
  });
  const { now, policy, withoutRules = false } = terms;
  if (withoutRules) return judgement; // nobody in particular, so nobody's limits
  const reached = limitsReachedByDebt(standing, quote.disbursedIssueAmount, now, capsOf(policy.compiled));
  return reached.length === 0 ? judgement : refusedAfterAll(judgement, reached.map(limitReason));
}
