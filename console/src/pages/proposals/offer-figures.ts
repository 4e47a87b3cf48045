import type { ProposalDetail } from '../../api/client';
import { date, percent, reais } from '../../format/format';

export type Figures = NonNullable<ProposalDetail['simulations'][number]['figures']>;
type Product = ProposalDetail['product'];

/** Figures in the order in which a client asks for them. */
const OFFER_FIGURES = [
  'disbursed_issue_amount',
  'final_disbursement_amount',
  'installment_face_value',
  'number_of_installments',
  'total_amount',
  'iof_amount',
  'contract_fee_amount',
  'cet',
  'annual_cet',
  'first_due_date',
  'last_due_date',
  'disbursement_date',
  'periods',
  'options',
] as const satisfies readonly (keyof Figures)[];
export type OfferFigure = (typeof OFFER_FIGURES)[number];

/** Those of a product; what only a refinancing has, where there is one. */
export function figuresOf(product: Product, shown: readonly (Figures | null)[]): readonly OfferFigure[] {
  const others: readonly OfferFigure[] =
    product === 'fgts'
      ? [
          'final_disbursement_amount',
          'installment_face_value',
          'number_of_installments',
          'first_due_date',
          'last_due_date',
          'options',
        ]
      : ['periods'];
  const isRefinancing = shown.some((figures) => figures?.final_disbursement_amount !== undefined);
  return OFFER_FIGURES.filter(
    (figure) => !others.includes(figure) && (figure !== 'final_disbursement_amount' || isRefinancing),
  );
}

/** What the client is told and gets: QI pays by its own figures, whatever ours are. */
export function offeredFigures(figures: Figures, qi: Partial<Figures> | null): Figures {
  const { options = [], periods = [] } = qi ?? {};
  return {
    ...figures,
    ...qi,
    periods: periods.length > 0 ? periods : figures.periods,
    options: figures.options.map((ours) => ({
      ...ours,
      ...options.find(({ disbursement_date: day }) => day === ours.disbursement_date),
    })),
  };
}

/** Whether QI's figure is shown beside ours though the two are not compared: whoever lets QI's through sees all that it changes. */
export function isShownBeside(figure: OfferFigure, ours: Figures | null, qi: Partial<Figures>): boolean {
  if (figure === 'final_disbursement_amount') return true;
  return (
    ours !== null && typeof qi[figure] === 'string' && shownFigure(figure, qi) !== shownFigure(figure, ours)
  );
}

/** As people read it; lists one a line. */
export function shownFigure(figure: OfferFigure, figures: Partial<Figures>): string {
  switch (figure) {
    case 'periods':
      return lines(figures.periods?.map(({ due_date, amount }) => `${date(due_date)} ${reais(amount)}`));
    case 'options':
      return lines(
        figures.options?.map(
          ({ disbursement_date: day, disbursed_issue_amount: paid, cet }) =>
            `${date(day)} ${reais(paid)}, CET ${percent(cet)}`,
        ),
      );
    case 'number_of_installments':
      return String(figures.number_of_installments ?? '–');
    case 'first_due_date':
      return figures.first_due_is_verified === false
        ? `${date(figures.first_due_date)} (calendário não verificado)`
        : date(figures.first_due_date);
    case 'disbursement_date':
    case 'last_due_date':
      return date(figures[figure]);
    case 'cet':
    case 'annual_cet':
      return percent(figures[figure]);
    default:
      return reais(figures[figure]);
  }
}

const lines = (list: readonly string[] | undefined): string =>
  list === undefined || list.length === 0 ? '–' : list.join('\n');
