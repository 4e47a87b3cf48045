import { BID_TERM } from '../../../../src/words';
import { date, reais, writtenRate } from '../../format/format';
import { rebatesText } from '../policy/grid';

/** A term of a bid that another bid has otherwise, as the service writes it. */
interface TermChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** The same as people read it. */
interface TermInWords {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const rate = (value: string): string => `${writtenRate(value)}% a.m.`;
const VALUE: Readonly<Record<string, (value: string) => string>> = {
  monthlyInterestRate: rate,
  monthlyCet: rate,
  numberOfInstallments: (value) => `${value} ${value === '1' ? 'parcela' : 'parcelas'}`,
  daysToExpiration: (value) => `${value} ${value === '1' ? 'dia' : 'dias'}`,
  disbursedIssueAmount: reais,
  installmentFaceValue: reais,
  issueAmount: reais,
  assignmentAmount: reais,
  iofAmount: reais,
  disbursementDate: date,
  firstDueDate: date,
  rebates,
};

export function termInWords({ field, before, after }: TermChange): TermInWords {
  const shown = VALUE[field] ?? String;
  return { name: BID_TERM[field] ?? field, before: shown(before), after: shown(after) };
}

interface Rebate {
  readonly feeType: string;
  readonly amountType: string;
  readonly amount: string;
}

function rebates(json: string): string {
  const all = JSON.parse(json) as readonly Rebate[];
  if (all.length === 0) return 'nenhum';
  return rebatesText(
    all.map(({ feeType, amountType, amount }) => ({ fee_type: feeType, amount_type: amountType, amount })),
  );
}
