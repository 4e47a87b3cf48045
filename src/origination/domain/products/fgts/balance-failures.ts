import type { BalanceFailures } from '../../balance-failure';

/** The failures of a balance query: QI manual 004, section 1; what lenders have learnt of each. In Portuguese for people. */
export const BALANCE_FAILURES: BalanceFailures = {
  ongoing_operation: {
    meaning: 'Há uma operação em andamento na Caixa que altera o saldo.',
    advice: 'Aguardar o fim da operação e consultar de novo.',
    retry: 'later',
  },
  unauthorized_institution: {
    meaning: 'O trabalhador não autorizou a QI a consultar o saldo.',
    advice:
      'No aplicativo FGTS: Saque-Aniversário, Autorizar bancos a consultarem seu FGTS, QI SOCIEDADE DE CREDITO S.A. Depois, consultar de novo.',
    retry: 'on_request',
  },
  inexistent_anniversary_membership: {
    meaning: 'O trabalhador não está no saque-aniversário.',
    advice:
      'Aderir ao saque-aniversário no aplicativo FGTS. A autorização só é possível 90 dias depois da adesão.',
    retry: 'on_request',
  },
  on_locked_date_range: {
    meaning: 'A Caixa não permite consultas nesta época, perto do mês de aniversário.',
    advice: 'Nenhuma instituição consegue consultar agora. A consulta é repetida na data permitida.',
    retry: 'at_date',
  },
  anniversary_membership_egress: {
    meaning: 'O trabalhador pediu para sair do saque-aniversário.',
    advice: 'Cancelar no aplicativo FGTS o pedido de volta ao saque-rescisão e consultar de novo.',
    retry: 'on_request',
  },
  processing_pending_changes: {
    meaning: 'O cadastro do trabalhador mudou na Caixa e está em processamento.',
    advice: 'Aguardar a Caixa concluir a alteração, ou procurar uma agência. Não é falta de autorização.',
    retry: 'later',
  },
  caixa_error: {
    meaning: 'A Caixa não conseguiu responder.',
    advice: 'A consulta é repetida daqui a pouco.',
    retry: 'later',
  },
};
