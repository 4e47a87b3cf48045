import type { Route } from '../route';

export const FEDERAL_PAYROLL_ROUTES: readonly Route[] = [
  {
    operation: 'federal_payroll_balance',
    method: 'POST',
    path: '/federal_payroll/balance',
    answer: (sandbox, _, { body, context }) => sandbox.federalPayroll.queries.ask(body, context),
  },
  {
    operation: 'document_batch',
    method: 'POST',
    path: '/document/document_batch',
    answer: (sandbox, _, { body }) => sandbox.federalPayroll.batches.open(body),
  },
];
