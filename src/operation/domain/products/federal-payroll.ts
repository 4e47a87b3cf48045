import type { LoanProduct } from './loan-product';

/** Federal payroll: the margin is bound in SIGEPE once the servant consents. QI documentation, map of statuses. */
export const FEDERAL_PAYROLL: LoanProduct = {
  refusalCancelsDebt: false,
  collectsSignatures: true,
  hasWithdrawalRight: true,
  held: 'a margem continua reservada',
  mayBeHeld: 'a margem pode estar reservada',
  refusals: {
    consent_refused: {
      qi: 'cancels',
      meaning: 'O servidor recusou a anuência.',
      advice: 'Encerrar. Só oferecer de novo se o servidor pedir.',
    },
    consent_expired: {
      qi: 'cancels',
      meaning: 'O prazo da anuência terminou sem resposta.',
      advice: 'Abrir outra proposta só se o servidor pedir e a autorização ainda valer.',
    },
    invalid_balance: {
      qi: 'cancels',
      meaning: 'A margem mudou entre a consulta e a reserva.',
      advice: 'Consultar a margem, simular e assinar de novo.',
    },
    unauthorized_institution: {
      qi: 'retries',
      meaning: 'O servidor não autorizou a QI no SouGov.br.',
      advice: 'Pedir a autorização. A QI tenta de novo por até 7 dias; não emitir outra operação.',
    },
    origin_contract_not_found: {
      qi: 'cancels',
      meaning: 'O contrato de origem não foi encontrado.',
      advice: 'Conferir número, CNPJ e vínculo do contrato de origem.',
    },
    waiting_for_origin_contract_closure: {
      qi: 'retries',
      meaning: 'Falta o encerramento do contrato de origem.',
      advice: 'Cobrar a instituição de origem; a QI continua tentando.',
    },
  },
};
