import type { Quote } from '../../../src/pricing';

const HEADINGS = ['#', 'due', 'paid', 'days', 'workdays', 'owed', 'interest', 'amortisation', 'IOF', 'total'];

/** A quote for people: what it comes to, fee by fee, and the schedule, as plain text. */
export function renderQuoteTable(quote: Quote): string {
  const { cet, rates } = quote;
  const totals: [string, string][] = [
    ['issue amount', quote.issueAmount.toFixed(2)],
    ['IOF, daily part', quote.baseIof.toFixed()],
    ['IOF, flat part', quote.additionalIof.toFixed()],
    ['IOF', `-${quote.iofAmount.toFixed(2)}`],
    ...quote.contractFees.map((fee): [string, string] => [
      `fee ${fee.feeType} (${unit(fee)})`,
      `-${fee.feeAmount.toFixed(2)}`,
    ]),
    ['paid out to the borrower', quote.disbursedIssueAmount.toFixed(2)],
    ...quote.rebates.map((fee): [string, string] => [
      `rebate ${fee.feeType} (${unit(fee)}), tax ${fee.taxAmount.toFixed(2)}, net ${fee.netFeeAmount.toFixed(2)}`,
      fee.feeAmount.toFixed(2),
    ]),
    ['paid by the purchaser', quote.assignmentAmount.toFixed(2)],
    ['rate a month', rates.monthly.toFixed()],
    [`rate a year (${rates.interestBase})`, rates.annual.toFixed()],
    ['CET a month', cet.monthly.toFixed(4)],
    ['CET a year, from the rounded month', cet.annual.toFixed()],
    ['CET a year, exact', cet.annualExact.toFixed()],
  ];
  const rows = quote
    .schedule()
    .map((row) => [
      String(row.installmentNumber),
      row.dueDate,
      row.businessDueDate,
      String(row.calendarDays),
      String(row.workdays),
      row.duePrincipal.toFixed(10),
      row.preFixedAmount.toFixed(10),
      row.principalAmortizationAmount.toFixed(10),
      row.taxAmount.toFixed(10),
      row.totalAmount.toFixed(2),
    ]);
  return `${columns(totals, [false, true])}\n\n${columns(
    [HEADINGS, ...rows],
    HEADINGS.map(() => true),
  )}\n`;
}

function unit({ amountType, amount }: { amountType: string; amount: { toFixed(): string } }): string {
  return amountType === 'percentage' ? `${amount.toFixed()}%` : 'fixed';
}

function columns(rows: readonly (readonly string[])[], toTheRight: readonly boolean[]): string {
  const widths = toTheRight.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        toTheRight[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ');
  return rows.map(line).join('\n');
}
