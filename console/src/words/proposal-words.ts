/** Proposals in the words of the people who work with them: loans without an auction, before the debt. */

import type { Words } from '../../../src/words';

export { PROPOSAL_ACTION, PROPOSAL_STATUS } from '../../../src/words';

export const PROPOSAL_COLOR: Words = {
  draft: 'gray',
  querying: 'blue',
  balance_failed: 'orange',
  balance_known: 'blue',
  not_eligible: 'gray',
  in_review: 'yellow',
  simulated: 'blue',
  offered: 'cyan',
  accepted: 'cyan',
  issuing: 'blue',
  issued: 'teal',
  withdrawn: 'gray',
};

/** What comes next where it stands, for whoever looks at a list. */
export const PROPOSAL_NEXT: Words = {
  draft: 'Consultar o saldo',
  querying: 'Aguardar a consulta',
  balance_failed: 'Ver o motivo e orientar o cliente',
  balance_known: 'Escolher e simular',
  not_eligible: 'Informar o cliente',
  in_review: 'Outra pessoa confere',
  simulated: 'Aguardar a oferta',
  offered: 'Mostrar as ofertas ao cliente',
  accepted: 'Completar os dados e emitir',
  issuing: 'Aguardar a QI',
  issued: 'Acompanhar a operação',
  withdrawn: 'Nada',
};

export const PROPOSAL_CONSEQUENCE: Words = {
  query_balance: 'A QI pergunta o saldo outra vez. O que foi ofertado com o saldo anterior deixa de valer.',
  cancel_query: 'A consulta que a QI ainda não respondeu é cancelada. Pode ser pedida de novo depois.',
  simulate: 'As ofertas são refeitas sobre o mesmo saldo; as de agora deixam de valer.',
  clear_review: 'A proposta segue para a oferta apesar do que foi apontado. Quem a abriu não pode liberá-la.',
  accept:
    'Fica registrado que o cliente aceitou exatamente estes valores. Aceite por telefone ou mensagem não vale.',
  issue:
    'A QI cria a dívida e envia a assinatura ao cliente. É feito uma vez só: a partir daqui a proposta é uma operação.',
  settle_issue:
    'Não se sabe o que houve com este pedido de emissão, ou com um anterior, e a consulta pela nossa chave não esclareceu. Conferir na QI e registrar a operação achada, ou que não há nenhuma: isto duas pessoas precisam informar.',
  withdraw: 'A proposta termina aqui, sem dívida. Para continuar é preciso abrir outra.',
};

/** Whether it can be undone. */
export const PROPOSAL_UNDO: Words = {
  query_balance: 'Não é preciso: uma consulta nova substitui esta.',
  cancel_query: 'Não, mas a consulta pode ser pedida de novo.',
  simulate: 'Não é preciso: uma simulação nova substitui esta.',
  clear_review: 'Não, mas a proposta ainda pode ser encerrada antes da emissão.',
  accept: 'Não; enquanto não for emitida, a proposta ainda pode ser encerrada.',
  issue: 'Não depois de enviada à QI: daí em diante, só o cancelamento da operação, por duas pessoas.',
  settle_issue: 'Não.',
  withdraw: 'Não.',
};

/** What is asked of QI. */
export const PROPOSAL_REQUEST: Words = {
  query_balance: 'Consulta do saldo',
  read_balance: 'Leitura do saldo',
  cancel_query: 'Cancelamento da consulta',
  simulate: 'Simulação',
  issue: 'Emissão da operação',
};

export const PROPOSAL_EVENT: Words = {
  opened: 'Proposta aberta',
  balance_asked: 'Saldo pedido',
  balance_queried: 'QI recebeu a consulta',
  balance_received: 'Saldo recebido',
  balance_read: 'Detalhes do saldo lidos',
  balance_refused: 'A consulta não trouxe o saldo',
  balance_key_missing: 'QI não disse qual é a consulta',
  balance_overdue: 'A resposta à consulta não veio',
  query_canceled: 'Consulta cancelada',
  declined: 'A política não permite oferta',
  review_needed: 'A política pede que uma pessoa confira',
  review_cleared: 'Liberada por uma pessoa',
  choice_needed: 'Falta uma escolha',
  wishes_impossible: 'O valor desejado não é possível: passou ao máximo',
  simulation_asked: 'Nova simulação pedida',
  simulated: 'Simulada com a QI',
  figures_differ: 'Os valores da QI não conferem com os nossos',
  offered: 'Ofertas prontas',
  offer_expired: 'O prazo da oferta terminou',
  offer_voided: 'A oferta anterior deixou de valer',
  borrower_described: 'Dados do cliente informados',
  accepted: 'Cliente aceitou',
  issue_asked: 'Emissão pedida',
  issue_found: 'Operação achada na QI por uma pessoa',
  issue_said_not_taken: 'Uma pessoa não achou a operação na QI',
  issue_not_taken: 'Duas pessoas confirmaram que a QI não tem a operação',
  issue_withheld: 'Emissão não enviada: a oferta deixou de valer',
  issued: 'Operação emitida',
  withdrawn: 'Proposta encerrada',
  query_balance_rejected: 'QI recusou a consulta do saldo',
  read_balance_rejected: 'QI recusou a leitura do saldo',
  cancel_query_rejected: 'QI recusou cancelar a consulta',
  simulate_rejected: 'QI recusou a simulação',
  issue_rejected: 'QI recusou a emissão',
};

/** Where a borrower can accept. */
export const ACCEPTANCE_CHANNEL: Words = {
  in_person: 'Presencial',
  website: 'Site',
  app: 'Aplicativo',
};

/** Figures of an offer. */
export const FIGURE: Words = {
  disbursed_issue_amount: 'Cliente recebe',
  issue_amount: 'Valor financiado',
  iof_amount: 'IOF',
  contract_fee_amount: 'Tarifa',
  total_amount: 'Total a pagar',
  cet: 'CET ao mês',
  annual_cet: 'CET ao ano',
  disbursement_date: 'Desembolso em',
  periods: 'Saques cedidos',
  installment_face_value: 'Parcela',
  number_of_installments: 'Número de parcelas',
  first_due_date: 'Primeiro vencimento',
  last_due_date: 'Último vencimento',
  final_disbursement_amount: 'Troco, pagos os contratos',
  options: 'Se for paga em outro dia, o cliente recebe',
};
