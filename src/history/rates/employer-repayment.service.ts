import { Injectable } from '@nestjs/common';
import { ReadDatabase } from '../../platform';
import { wilsonInterval } from '../domain';
import { EmployerNames } from '../explore/employer-names.service';
import { reais, sumOf } from '../explore/measures';
import { factsIn } from '../explore/selection';
import type { RepaymentQuery, RepaymentView } from './employer-repayment.dto';

const MOST_EMPLOYERS = 500;

interface Told {
  readonly mark: Buffer;
  readonly paid: string;
  readonly paid_amount: string;
  readonly first_told: string;
  readonly first_paid: string;
  readonly told: string;
  readonly told_expected_loss: string;
  readonly told_loss: string;
  readonly employers: string;
}

const NAMES = [
  'paid',
  'paid_amount',
  'first_told',
  'first_paid',
  'told',
  'told_expected_loss',
  'told_loss',
] as const;

/** How loans of each employer are paid back, by what was told of our own. */
@Injectable()
export class EmployerRepayment {
  constructor(
    private readonly database: ReadDatabase,
    private readonly names: EmployerNames,
  ) {}

  async of(selection: RepaymentQuery): Promise<RepaymentView> {
    const { rows, parameters } = factsIn(selection);
    const and = rows.includes(' WHERE ') ? 'AND' : 'WHERE';
    const found = await this.database.query<Told[]>(
      `SELECT told.*, (count(*) OVER ())::text AS employers FROM (
         SELECT employer_index AS mark, ${NAMES.map((name) => `${sumOf(name)} AS ${name}`).join(', ')}
         ${rows} ${and} loan = 'disbursed' AND employer_index IS NOT NULL GROUP BY employer_index) AS told
       WHERE first_told + told > 0
       ORDER BY first_told - first_paid DESC, told_loss - told_expected_loss DESC, mark LIMIT ${String(MOST_EMPLOYERS)}`,
      [...parameters],
    );
    const marks = found.map(({ mark }) => mark.toString('base64url'));
    const names = await this.names.of(marks);
    return {
      employers: found.map((one, at) => ({
        mark: marks[at] ?? '',
        document_number: names.get(marks[at] ?? '') ?? null,
        paid: Number(one.paid),
        paid_amount: reais(BigInt(one.paid_amount)),
        first_paid: firstPaid(Number(one.first_paid), Number(one.first_told)),
        ended: Number(one.told),
        expected_loss: reais(BigInt(one.told_expected_loss)),
        told_loss: reais(BigInt(one.told_loss)),
      })),
      told_employers: Number(found[0]?.employers ?? 0),
    };
  }
}

function firstPaid(paid: number, told: number): RepaymentView['employers'][number]['first_paid'] {
  const interval = wilsonInterval(paid, told);
  return {
    value: interval?.share.toFixed(6) ?? null,
    sample: told,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}
