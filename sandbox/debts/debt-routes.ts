import type { Route } from '../route';
import { collateralTypeOf } from './issue';

/** Debts that the partner issues, of any product. */
export const DEBT_ROUTES: readonly Route[] = [
  {
    operation: 'debt_create',
    method: 'POST',
    path: '/debt',
    answer: (sandbox, _, { body, context }) => sandbox.debts.issue(body, context),
  },
  {
    operation: 'debt_read',
    method: 'GET',
    path: '/debt',
    answer: (sandbox, _, { query, context }) => sandbox.debts.read(query, context.at),
  },
  {
    operation: 'reversal',
    method: 'POST',
    path: '/debt/reversal',
    answer: (sandbox, _, { body, context }) => sandbox.debts.commands.reverse(body, context),
  },
  {
    operation: 'reversal_read',
    method: 'GET',
    path: '/credit_operation/:key/pix_qrcode',
    answer: (sandbox, [key = '']) => sandbox.debts.commands.readReversal(key),
  },
  {
    operation: 'signed',
    method: 'POST',
    path: '/debt/:key/signed',
    answer: (sandbox, [key = ''], { body, context }) => sandbox.debts.commands.sign(key, body, context),
  },
  {
    operation: 'disbursement_option',
    method: 'PATCH',
    path: '/debt/:key/disbursement_option',
    answer: (sandbox, [key = ''], { body, context }) =>
      sandbox.debts.commands.changeOption(key, body, context),
  },
  {
    operation: 'disbursement_bank_accounts',
    method: 'PUT',
    path: '/debt/:key/disbursement_bank_accounts',
    answer: (sandbox, [key = ''], { body, context }) =>
      sandbox.debts.commands.changeAccounts(key, body, context),
  },
  {
    operation: 'cancel',
    method: 'PATCH',
    path: '/debt/:key/cancel',
    answer: (sandbox, [key = ''], { context }) => sandbox.debts.commands.cancel(key, context),
  },
  {
    operation: 'debt_simulation',
    method: 'POST',
    path: '/debt_simulation',
    answer: (sandbox, _, { body, context }) =>
      collateralTypeOf(body) === 'federal_payroll'
        ? sandbox.federalPayroll.simulate(body, context.at)
        : sandbox.fgts.simulateMaximum(body, context.at),
  },
  {
    operation: 'account',
    method: 'POST',
    path: '/account',
    answer: (sandbox, _, { body, context }) => sandbox.internalAccounts.open(body, context.at),
  },
  {
    operation: 'upload',
    method: 'POST',
    path: '/upload',
    answer: (sandbox, _, { file }) => sandbox.uploads.receive(file),
  },
];
