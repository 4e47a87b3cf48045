import type { LoanProduct } from './loan-product';

const DATES_OR_AMOUNTS = 'Consultar o saldo de novo e abrir outra proposta; cancelar esta definitivamente.';

/** FGTS: the withdrawals are endorsed at Caixa. Manual 004, table of cancellations by the endorsement. */
export const FGTS: LoanProduct = {
  refusalPrefix: 'fgts_',
  unsecuredCode: undefined,
  hasMarginOfItsOwn: false,
  collectsSignatures: true,
  hasWithdrawalRight: true,
  newAccount: 'pix',
  changesAccountApart: true,
  held: 'o saldo do FGTS continua bloqueado',
  mayBeHeld: 'o saldo do FGTS pode estar bloqueado',
  refusals: {
    fgts_invalid_given_period: {
      qi: 'cancels',
      meaning: 'As datas ou os valores dos saques não conferem com os da Caixa.',
      advice: DATES_OR_AMOUNTS,
    },
    fgts_unauthorized_institution: {
      qi: 'retries',
      meaning: 'O trabalhador retirou a autorização da QI no aplicativo FGTS.',
      advice: 'Pedir que autorize de novo a QI SOCIEDADE DE CREDITO S.A; a QI tenta de novo sozinha.',
    },
    fgts_processing_pending_changes: {
      qi: 'cancels',
      meaning: 'O cadastro do trabalhador mudou na Caixa e está em processamento.',
      advice: 'Aguardar a Caixa, cancelar esta operação definitivamente e abrir outra proposta.',
    },
    fgts_on_locked_date_range: {
      qi: 'retries',
      meaning: 'A Caixa não permite a averbação nesta época, perto do mês de aniversário.',
      advice: 'A QI tenta de novo na data permitida.',
    },
    fgts_insufficient_balance: {
      qi: 'cancels',
      meaning: 'O saldo não basta para os saques cedidos.',
      advice: DATES_OR_AMOUNTS,
    },
    fgts_inexistent_anniversary_membership: {
      qi: 'cancels',
      meaning: 'O trabalhador não está mais no saque-aniversário.',
      advice: 'Cancelar definitivamente. Depois de nova adesão é preciso esperar 90 dias.',
    },
    fgts_period_rejected: {
      qi: 'cancels',
      meaning: 'A Caixa recusou o protocolo da reserva.',
      advice: DATES_OR_AMOUNTS,
    },
    fgts_deletion_request: {
      qi: 'cancels',
      meaning: 'Foi pedida a exclusão antes de a reserva terminar.',
      advice: 'Cancelar definitivamente.',
    },
    fgts_protocol_removed: {
      qi: 'cancels',
      meaning: 'A Caixa excluiu o protocolo da reserva.',
      advice: DATES_OR_AMOUNTS,
    },
    fgts_insufficient_balance_available: {
      qi: 'cancels',
      meaning: 'O valor indicado não está disponível para contratação.',
      advice: DATES_OR_AMOUNTS,
    },
    fgts_insufficient_balance_for_guarantee: {
      qi: 'cancels',
      meaning: 'O saldo disponível não basta para a garantia exigida.',
      advice: DATES_OR_AMOUNTS,
    },
    // The prefix is printed twice.
    fgts_fgts_accounts_not_found: {
      qi: 'cancels',
      meaning: 'O trabalhador não tem contas de FGTS.',
      advice: 'Cancelar definitivamente.',
    },
  },
};
