import { Decimal } from '../../kernel';
import type { OfferJudgement } from '../../decision/domain';
import { offersOf, problemOf, type FeeTable } from './offers';

type Simulation =
  | { readonly kind: 'simulated'; readonly row: string }
  | { readonly kind: 'refused'; readonly problem: { readonly path: string; readonly message: string } };

const BAND = {
  installments: { min: 1, max: 3 },
  amount: { min: new Decimal(0), below: undefined },
  daysToExpiration: 7,
  rebates: [],
};
const bands = (rows: readonly string[]) =>
  rows.map((id, at) => ({ ...BAND, id, monthlyInterestRate: new Decimal(`0.01${String(9 - at)}`) }));

const judged = (outcome: 'stands' | 'refused', code = '', message = ''): OfferJudgement =>
  ({
    outcome,
    reasons: code === '' ? [] : [{ code, message, severity: 'decline' }],
  }) as unknown as OfferJudgement;

/** What becomes of each row of one fee table: no figures, figures of another row's price, of a price that is right, or an offer. */
type Made = 'no figures' | 'of another price' | 'declined' | 'stands';
const JUDGED: Readonly<Record<Exclude<Made, 'no figures'>, OfferJudgement>> = {
  'of another price': judged('refused', 'RATE_NOT_OF_TABLE', 'A taxa não é a da tabela.'),
  declined: judged('refused', 'AGE_BELOW_MINIMUM', 'A idade não passa.'),
  stands: judged('stands'),
};

function offered(rows: Readonly<Record<string, Made>>) {
  const tried: string[] = [];
  const simulate = ({ priceRow: row }: FeeTable): Simulation => {
    tried.push(row);
    return rows[row] === 'no figures'
      ? { kind: 'refused', problem: { path: 'wishes.amount', message: `A parcela de ${row} não cabe.` } }
      : { kind: 'simulated', row };
  };
  const judge = (simulation: Simulation): OfferJudgement | undefined => {
    const made = simulation.kind === 'simulated' ? rows[simulation.row] : undefined;
    return made === undefined || made === 'no figures' ? undefined : JUDGED[made];
  };
  const table = { id: 'padrao', label: 'Padrão', contractFees: [], bands: bands(Object.keys(rows)) };
  const [offer] = offersOf([table], simulate, judge);
  if (offer === undefined) throw new Error('a fee table has an offer, or why there is none');
  return { offer, tried };
}

describe('the price of a fee table', () => {
  it.each<[string, Readonly<Record<string, Made>>, string]>([
    ['the first that fits the amount it leads to', { dear: 'of another price', cheap: 'stands' }, 'cheap'],
    ['of a dearer one without figures, the next', { dear: 'no figures', cheap: 'stands' }, 'cheap'],
    ['no other, once one fits', { dear: 'stands', cheap: 'stands' }, 'dear'],
  ])('is %s', (_, rows, row) => {
    const { offer, tried } = offered(rows);
    expect(offer.simulation).toEqual({ kind: 'simulated', row });
    expect(tried.at(-1)).toBe(row);
  });

  it.each<[string, Readonly<Record<string, Made>>, string]>([
    ['what the policy says', { dear: 'declined', cheap: 'no figures' }, 'A idade não passa.'],
    [
      'what the policy says of its price',
      { dear: 'declined', cheap: 'of another price' },
      'A idade não passa.',
    ],
    [
      'what there are no figures for',
      { dear: 'no figures', cheap: 'of another price' },
      'A parcela de dear não cabe.',
    ],
    ['of several, the last', { dear: 'no figures', cheap: 'no figures' }, 'A parcela de cheap não cabe.'],
    [
      'that prices and amounts go round',
      { a: 'of another price', b: 'of another price' },
      'A taxa não é a da tabela.',
    ],
  ])('where none fits, an attendant reads %s', (_, rows, message) => {
    expect(problemOf(offered(rows).offer).message).toBe(message);
  });
});
