import { Injectable } from '@nestjs/common';
import { NO_MARGIN } from '../../decision/domain';
import { isDirectProduct } from '../../policy/domain';
import { MEASURES, realisedCents, reais, type SumName, type Sums } from '../explore/measures';
import { Pivots, totalOf, type Grouped } from '../explore/pivot.service';
import type { ResultsQuery, ResultsView } from './results.dto';

type Line = ResultsView['total'];

const LINE = [
  'won',
  'won_amount',
  'paid',
  'paid_amount',
  ...MEASURES.expected_margin.sums,
  ...MEASURES.realised_margin.sums,
  ...MEASURES.margin_rate.sums,
  'interest',
  'discount',
  'rebate',
  'funding',
  'prepayment',
  'expected_loss',
  'cost',
] as const satisfies readonly SumName[];
const STEPS = [
  ['requests', 'requests', 'asked'],
  ['bids', 'bids', 'offered'],
  ['won', 'won', 'won_amount'],
  ['signed', 'signed', 'signed_amount'],
  ['reserved', 'reserved', 'reserved_amount'],
  ['paid', 'paid', 'paid_amount'],
] as const satisfies readonly (readonly [string, SumName, SumName])[];
const VINTAGE = [
  'paid',
  'paid_amount',
  'first_paid',
  'first_told',
  'told',
  'told_expected_loss',
  'told_loss',
] as const satisfies readonly SumName[];

/** What was earned: expected of what was won, realised of what was paid out, and how one came to the other. */
@Injectable()
export class Results {
  constructor(private readonly pivots: Pivots) {}

  async of({ by, ...selection }: ResultsQuery): Promise<ResultsView> {
    const steps = STEPS.flatMap(([, count, amount]) => [count, amount]);
    const groups = await this.pivots.sums([by], [...LINE, ...steps], selection);
    const all = totalOf(groups);
    const margins = await this.pivots.sums(['product', 'margin'], ['bids'], selection);
    const vintages = await this.pivots.sums(['paid_month'], VINTAGE, selection);
    return {
      by,
      lines: groups.map(({ keys, sums }) => lineOf(keys[0] ?? null, sums)),
      total: lineOf(null, all),
      without_margin: withoutMargin(margins),
      waterfall: STEPS.map(([step, count, amount]) => ({
        step,
        count: Number(all[count]),
        amount: reais(all[amount]),
      })),
      vintages: vintages.filter(({ sums }) => sums.paid > 0n).map(vintageOf),
    };
  }
}

function lineOf(key: string | null, sums: Sums): Line {
  const unexpected = realisedCents(sums) - sums.margin;
  return {
    key,
    won: Number(sums.won),
    won_amount: reais(sums.won_amount),
    paid: Number(sums.paid),
    paid_amount: reais(sums.paid_amount),
    expected_margin: MEASURES.expected_margin.of(sums),
    realised_margin: MEASURES.realised_margin.of(sums),
    margin_rate: MEASURES.margin_rate.of(sums),
    parts: {
      interest: reais(sums.interest),
      discount: reais(sums.discount),
      rebate: reais(sums.rebate),
      funding: reais(-sums.funding),
      prepayment: reais(-sums.prepayment),
      expected_loss: reais(-sums.expected_loss),
      told_loss: reais(unexpected),
      cost: reais(-sums.cost),
    },
  };
}

/** A policy says costs and losses of auctions alone: of what no auction brought, nothing is known. */
function withoutMargin(groups: readonly Grouped[]): ResultsView['without_margin'] {
  const bids = new Map<ResultsView['without_margin'][number]['why'], bigint>();
  for (const { keys, sums } of groups) {
    const [product, why] = keys;
    const known = isDirectProduct(product) ? 'direct_product' : NO_MARGIN.find((one) => one === why);
    if (known !== undefined) bids.set(known, (bids.get(known) ?? 0n) + sums.bids);
  }
  return [...bids].filter(([, n]) => n > 0n).map(([why, n]) => ({ why, bids: Number(n) }));
}

function vintageOf({ keys: [month], sums }: Grouped): ResultsView['vintages'][number] {
  return {
    month: month ?? null,
    paid: Number(sums.paid),
    paid_amount: reais(sums.paid_amount),
    first_paid: MEASURES.first_paid.of(sums),
    ended: Number(sums.told),
    expected_loss: reais(sums.told_expected_loss),
    told_loss: reais(sums.told_loss),
  };
}
