import type { Route } from '../route';

export const FGTS_ROUTES: readonly Route[] = [
  {
    operation: 'available_balance',
    method: 'POST',
    path: '/baas/v2/fgts/available_balance',
    answer: (sandbox, _, { body, context }) => sandbox.fgts.balances.ask(body, context),
  },
  {
    operation: 'available_balance_read',
    method: 'GET',
    path: (contract) => contract.fgts.read_balance_path,
    answer: (sandbox, [key = ''], { context }) => sandbox.fgts.balances.read(key, context),
  },
  {
    operation: 'available_balance_cancel',
    method: 'DELETE',
    path: (contract) => contract.fgts.cancel_balance_path,
    answer: (sandbox, [key = ''], { context }) => sandbox.fgts.balances.cancel(key, context),
  },
  {
    operation: 'fgts_authorization',
    method: 'GET',
    path: '/fgts_issuer_auth_manager/issuer/:key',
    answer: (sandbox, [cpf = '']) => sandbox.fgts.balances.authorization(cpf),
  },
  {
    operation: 'fgts_simulation',
    method: 'POST',
    path: '(?:/baas)?/fgts_simulation',
    answer: (sandbox, _, { body, context }) => sandbox.fgts.simulateMaximum(body, context.at),
  },
  {
    operation: 'fgts_simulation_guess',
    method: 'POST',
    path: '(?:/baas)?/fgts_simulation_guess',
    answer: (sandbox, _, { body, context }) => sandbox.fgts.simulateTarget(body, context.at),
  },
];
