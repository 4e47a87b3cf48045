import type { LoanProduct } from './loan-product';

/** Private payroll: the margin is bound at DATAPREV. Manual 001, table of reservation failures. */
export const PRIVATE_PAYROLL: LoanProduct = {
  refusalPrefix: undefined,
  unsecuredCode: undefined,
  hasMarginOfItsOwn: false,
  collectsSignatures: false,
  hasWithdrawalRight: false,
  newAccount: 'bank',
  changesAccountApart: false,
  held: 'a margem continua reservada',
  mayBeHeld: 'a margem pode estar reservada',
  refusals: {
    margin_exceeded: {
      qi: 'retries',
      meaning: 'A parcela não cabe na margem do trabalhador.',
      advice: 'A QI tenta de novo sozinha. Se a margem não voltar, cancelar definitivamente.',
    },
    monthly_interest_rate_exceeds_active_proposal: {
      qi: 'retries',
      meaning: 'Há uma proposta ativa com taxa menor.',
      advice: 'A QI tenta de novo sozinha.',
    },
    allowed_number_of_contracts_exceeded: {
      qi: 'cancels',
      meaning: 'O trabalhador já tem o número máximo de contratos.',
      advice: 'Nada a fazer: cancelar definitivamente.',
    },
    employment_relationship_blocked: {
      qi: 'cancels',
      meaning: 'O vínculo de emprego está bloqueado para novos empréstimos.',
      advice: 'Nada a fazer: cancelar definitivamente.',
    },
  },
};
