import type { LoanProduct } from './loan-product';

/**
 * Federal payroll: the margin is asked for at SIAPE and held once the servant consents in SouGov.br, apart from the
 * contract. QI documentation, map of statuses.
 */
export const FEDERAL_PAYROLL: LoanProduct = {
  refusalPrefix: undefined,
  unsecuredCode: 'not_collateral_constituted',
  hasMarginOfItsOwn: true,
  collectsSignatures: true,
  hasWithdrawalRight: true,
  newAccount: 'pix_typed',
  changesAccountApart: true,
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
      advice: 'Consultar a margem, simular e assinar de novo; a CCB assinada não serve a outro valor.',
    },
    unauthorized_institution: {
      qi: 'retries',
      retriesForDays: 7,
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
      meaning: 'Falta a instituição de origem encerrar o contrato antigo.',
      advice: 'Cobrar a instituição de origem; a QI continua tentando.',
    },
    // QI's page is cut off here: what it does next is not known.
    expired_portability: {
      qi: 'unclear',
      meaning: 'A autorização da portabilidade venceu.',
      advice:
        'Confirmar com a QI se ela cancelou e pedir ao servidor nova autorização, que nomeia o contrato.',
    },
  },
};
