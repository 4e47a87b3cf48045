import type { BalanceFailures } from '../../balance-failure';

/** The failures of a margin query: QI manual 002, and what the servant has to do about each. In Portuguese for people. */
export const MARGIN_FAILURES: BalanceFailures = {
  unauthorized_institution: {
    meaning: 'O servidor não autorizou a QI a consultar a margem.',
    advice:
      'No SouGov.br ou no Portal do Servidor: Consignações, Empréstimo Consignado, Autorizar Consignatário, QI Sociedade de Crédito Direto S.A. A autorização vale 30 dias. Depois, consultar de novo.',
    retry: 'on_request',
  },
  inexistent_relationship: {
    meaning: 'O SIAPE não conhece vínculo federal deste CPF.',
    advice:
      'Conferir CPF, órgão e matrícula no contracheque. Servidores estaduais, municipais e militares não são do SIAPE.',
    retry: 'on_request',
  },
  invalid_document_number: {
    meaning: 'O SIAPE não aceitou o CPF.',
    advice: 'Conferir o CPF com o servidor e abrir outra proposta.',
    retry: 'never',
  },
  inactive_federal_employee: {
    meaning: 'O vínculo do servidor está inativo no SIAPE.',
    advice: 'O servidor confirma a situação com a unidade de gestão de pessoas do órgão.',
    retry: 'on_request',
  },
  deceased_federal_employee: {
    meaning: 'O SIAPE registra o falecimento do servidor.',
    advice: 'Encerrar a proposta. Se for engano, só o órgão pode corrigir o cadastro.',
    retry: 'never',
  },
  mock_error: {
    meaning: 'No ambiente de testes da QI este CPF não existe.',
    advice: 'Usar um dos CPFs de teste da QI.',
    retry: 'never',
  },
};
