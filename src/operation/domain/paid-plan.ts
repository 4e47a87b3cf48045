import { z } from 'zod';
import { CENT, Decimal, showDate, showReais } from '../../kernel';
import type { TaskReason } from './task';

/** How a loan is to be paid back. */
export interface OwedPlan {
  /** null: not known. */
  readonly count: number | null;
  /** Of a loan that we ordered, from the first on; those after the last of these are of its amount. Empty: not known. */
  readonly ordered: readonly OrderedInstalment[];
}

/** As JSON keeps it. */
export interface OrderedInstalment {
  readonly due_date: string;
  readonly total_amount: string;
}

type Summary = Readonly<Record<string, unknown>>;

const issue = z.object({ plan: z.array(z.object({ due_date: z.string(), total_amount: z.string() })) });
const payment = z.object({
  installments: z.array(z.object({ due_date: z.string().optional(), total_amount: z.string().optional() })),
});
type PaidInstalment = z.infer<typeof payment>['installments'][number];

/** @param orders what the timeline keeps of the issue */
export function orderedIn(orders: readonly Summary[]): OwedPlan['ordered'] {
  return orders.flatMap((order) => issue.safeParse(order).data?.plan ?? []);
}

/**
 * Holds the instalments that QI printed with the payment last against those that the loan is owed with. The amounts of a loan
 * that was won may follow the day of payment.
 * @param payments what the timeline keeps of each
 * @returns the first difference, for a person; undefined where there is none, or nothing was printed
 */
export function planDifference(
  payments: readonly Summary[],
  { count, ordered }: OwedPlan,
): TaskReason | undefined {
  const told = lastToldIn(payments);
  if (told.length === 0) return undefined;
  if (count !== null && told.length !== count)
    return reasonOf(`${told.length} parcelas, e o contrato é de ${count}`);
  for (const [at, { due_date: dueDate, total_amount: amount }] of told.entries()) {
    const same = ordered[at] ?? ordered.at(-1);
    if (same === undefined) return undefined;
    const name = `a ${at + 1}ª parcela`;
    if (amount !== undefined && new Decimal(amount).minus(same.total_amount).abs().gt(CENT))
      return reasonOf(
        `${name} de ${showReais(new Decimal(amount))}, e a pedida é de ${showReais(new Decimal(same.total_amount))}`,
      );
    const day = ordered[at]?.due_date;
    if (dueDate !== undefined && day !== undefined && dueDate !== day)
      return reasonOf(`${name} para ${showDate(dueDate)}, e a pedida vence em ${showDate(day)}`);
  }
  return undefined;
}

/** QI does not always number them. */
function lastToldIn(payments: readonly Summary[]): readonly PaidInstalment[] {
  const told = payments.flatMap((summary) => {
    const { data } = payment.safeParse(summary);
    return data === undefined || data.installments.length === 0 ? [] : [data.installments];
  });
  return (told.at(-1) ?? []).toSorted((a, b) => (a.due_date ?? '').localeCompare(b.due_date ?? ''));
}

function reasonOf(difference: string): TaskReason {
  return {
    code: 'other_installments',
    message: `Com o pagamento a QI informou ${difference}. Conferir as parcelas com a QI e tratar com o cliente.`,
  };
}
