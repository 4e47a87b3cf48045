import type { ProposalDetail } from '../../api/client';
import { date, percent, reais } from '../../format/format';

export type Figures = NonNullable<ProposalDetail['simulations'][number]['figures']>;

/** Figures in the order in which a client asks for them. */
export const OFFER_FIGURES = [
  'disbursed_issue_amount',
  'total_amount',
  'iof_amount',
  'contract_fee_amount',
  'cet',
  'annual_cet',
  'disbursement_date',
  'periods',
] as const satisfies readonly (keyof Figures)[];
export type OfferFigure = (typeof OFFER_FIGURES)[number];

/** As people read it; periods one a line. */
export function shownFigure(figure: OfferFigure, figures: Partial<Figures>): string {
  const value = figures[figure];
  if (value === undefined) return '–';
  if (typeof value !== 'string')
    return value.map(({ due_date, amount }) => `${date(due_date)} ${reais(amount)}`).join('\n');
  if (figure === 'disbursement_date') return date(value);
  return figure === 'cet' || figure === 'annual_cet' ? percent(value) : reais(value);
}
