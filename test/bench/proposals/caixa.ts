/** The withdrawals of every borrower in this benchmark: three to come, as many as a contract may take. */
export const PERIODS = [1, 2, 3].map((years) => ({
  due_date: `${new Date().getUTCFullYear() + years}-08-01`,
  amount: 500 - 40 * years,
}));

/** What QI tells of a balance that was asked for. */
export function balanceNews(key: string): string {
  return JSON.stringify({
    webhook_type: 'available_balance',
    event_datetime: new Date().toISOString().slice(0, 19),
    key,
    status: 'success',
    data: { reference_date: new Date().toISOString().slice(0, 10), periods: PERIODS },
  });
}
