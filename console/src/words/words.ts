/** The product's codes in the words of the people who work with it. A code that is not here is shown as it is. */

import { ALERT_TYPE } from './alert-words';

type Words = Readonly<Record<string, string>>;

export const AUCTION_STATUS: Words = {
  open: 'Recebido',
  declined: 'Recusado',
  bidding: 'Enviando',
  bid: 'Lance aceito',
  rejected: 'Rejeitado pela QI',
  missed: 'Perdeu o prazo',
  unknown: 'Sem resposta',
  won: 'Ganho',
  lost: 'Perdido',
  expired: 'Sem desfecho',
  parked: 'Parado',
};

/** Colours say how good or bad; the word is always beside them. */
export const AUCTION_COLOR: Words = {
  open: 'gray',
  declined: 'gray',
  bidding: 'blue',
  bid: 'blue',
  rejected: 'orange',
  missed: 'red',
  unknown: 'yellow',
  won: 'teal',
  lost: 'gray',
  expired: 'orange',
  parked: 'red',
};

export const OPERATION_STATUS: Words = {
  awaiting_signature: 'Aguarda assinatura',
  signature_failed: 'Assinatura falhou',
  signed: 'Assinada',
  awaiting_authorization: 'Aguarda autorização',
  authorized: 'Autorizada',
  reservation_retrying: 'Averbação em nova tentativa',
  reservation_failed: 'Averbação recusada',
  parked: 'Parada',
  reserved: 'Averbada',
  disbursement_failed: 'Desembolso recusado',
  disbursed: 'Desembolsada',
  canceling: 'Em cancelamento',
  canceled_permanently: 'Cancelada em definitivo',
};

export const OPERATION_COLOR: Words = {
  awaiting_signature: 'blue',
  signature_failed: 'orange',
  signed: 'blue',
  awaiting_authorization: 'yellow',
  authorized: 'blue',
  reservation_retrying: 'yellow',
  reservation_failed: 'red',
  parked: 'red',
  reserved: 'cyan',
  disbursement_failed: 'red',
  disbursed: 'teal',
  canceling: 'orange',
  canceled_permanently: 'gray',
};

/** Where the margin of a SIAPE loan stands, beside its contract. */
export const MARGIN_STATUS: Words = {
  not_asked: 'Ainda não pedida',
  pending_consent: 'Aguarda anuência',
  pending_consent_with_deletion: 'Aguarda anuência, a liberar',
  retrying: 'Em nova tentativa',
  unexplained: 'Recusa sem explicação',
  held: 'Reservada',
  refused: 'Não reservada',
  released: 'Livre',
};

export const MARGIN_COLOR: Words = {
  not_asked: 'gray',
  pending_consent: 'yellow',
  pending_consent_with_deletion: 'orange',
  retrying: 'yellow',
  unexplained: 'red',
  held: 'teal',
  refused: 'gray',
  released: 'gray',
};

/** Why an auction or an event stands where it stands. */
export const STATUS_REASON: Words = {
  no_outcome_came: 'o desfecho não chegou até a validade',
  known_by_outcome: 'soubemos dele pelo desfecho',
  auction_ended: 'o leilão terminou antes',
  kill_switch: 'os lances estavam parados',
  dry_run: 'ensaio: nada é enviado',
  no_time: 'não havia tempo antes do encerramento',
  retry_after_limit: 'a QI mandou esperar além do encerramento',
  request_finished: 'a QI já tinha encerrado o pedido',
  request_expired: 'o pedido já tinha expirado na QI',
  lost_without_answer: 'perdido sem que a QI respondesse ao lance',
  not_recordable: 'a resposta da QI não pôde ser guardada inteira',
  too_late_to_decide: 'não havia tempo para decidir',
  too_late_to_send: 'não havia tempo para enviar',
  stopped_while_unclear: 'os lances pararam com um envio sem resposta',
  limit_missing: 'a QI não informou quando o leilão encerra',
  limit_unreadable: 'o encerramento não pôde ser lido',
  limit_not_after_event: 'o encerramento é anterior à própria notificação da QI',
  limit_too_far: 'o encerramento está longe demais',
  ended_before_it_opened: 'terminou antes de abrir',
  before_restore: 'de antes da restauração do banco: pode já ter lance',
  request_unreadable: 'o pedido não pôde ser lido',
  decision_failed: 'a decisão falhou',
  process_died_while_sending: 'o processo caiu durante o envio',
  refused_after_unclear: 'recusado depois de um envio sem resposta',
  circuit_open: 'a QI não respondia: envio suspenso',
  clock_off: 'o relógio do servidor estava errado',
  unknown_type: 'tipo desconhecido',
  type_unknown: 'tipo desconhecido',
  unsupported_type: 'tipo sem uso aqui',
  handler_failed: 'falhou ao ser tratado',
  waited_too_long: 'o que esperava não veio',
  unreadable: 'não pôde ser lido',
  key_missing: 'sem chave',
  keys_disagree: 'chaves que não concordam',
  status_unknown: 'estado desconhecido',
  statuses_disagree: 'estados que não concordam',
  content_unclear: 'conteúdo que não se entende',
  outcome_unclear: 'desfecho que não se entende',
  auction_unknown: 'leilão que não conhecemos',
  won_while_declined: 'ganho de um leilão que recusamos',
  won_while_rejected: 'ganho de um lance que a QI tinha rejeitado',
  won_while_missed: 'ganho de um leilão em que não lançamos',
  won_while_lost: 'ganho de um leilão dado como perdido',
  won_while_parked: 'ganho de um leilão parado',
  lost_while_won: 'perda de um leilão dado como ganho',
};

/** What told that the database is not the one we knew. */
export const RECOVERY_SIGN: Words = {
  behind: 'O banco de dados voltou a um ponto anterior',
  other_history: 'O banco de dados é outro, ou de antes de tudo o que conhecíamos',
  new_timeline: 'Outro servidor assumiu o banco de dados, ou uma cópia foi recuperada',
  unwitnessed: 'Ninguém aqui conhecia este banco de dados, e ele estava parado: pode ser uma cópia',
};

/** What was made unknown at once. */
export const RECOVERY_COUNT: Words = {
  auctions_unknown: 'Leilões que passaram a sem resposta',
  bids_unknown: 'Lances que passaram a sem resposta',
  commands_unknown: 'Comandos que passaram a sem resposta',
};

export const TASK_KIND: Words = {
  authorization_review: 'Revisar autorização',
  reservation_unexplained: 'Averbação sem explicação',
  disbursement_failed: 'Desembolso recusado',
  contradiction: 'Fatos contraditórios',
  command_rejected: 'Comando recusado pela QI',
  command_unknown: 'Comando sem resposta',
  unlinked_operation: 'Operação sem leilão',
  late: 'Parada há tempo demais',
  margin_unsettled: 'Margem sem desfecho',
  auction_parked: 'Leilão parado',
  pricing_drift: 'Cálculo da QI diverge',
  human_review: 'Revisão pedida pelo trabalhador',
  proposal_refused: 'QI recusou um pedido da proposta',
  proposal_unknown: 'Resposta da QI desconhecida',
  proposal_review: 'Proposta a conferir',
  authorization_ending: 'Autorização do servidor perto do fim',
};

export const ACTION: Words = {
  authorize: 'Autorizar averbação',
  submit_signature: 'Enviar assinatura colhida',
  resubmit_disbursement: 'Reenviar desembolso',
  cancel_permanently: 'Cancelar em definitivo',
  request_reversal: 'Cobrar a devolução',
};

export const COMMAND_STATUS: Words = {
  intended: 'a enviar',
  sending: 'enviando',
  unknown: 'sem resposta',
  accepted: 'aceito',
  rejected: 'recusado',
  withdrawn: 'retirado',
};

export const BID_STATUS: Words = {
  intended: 'Pretendido',
  sending: 'Enviando',
  accepted: 'Aceito',
  rejected: 'Recusado',
  unknown: 'Sem resposta',
  unproven: 'Sem prova',
  withdrawn: 'Retirado',
};

export const ATTEMPT_OUTCOME: Words = {
  accepted: 'aceito',
  rejected: 'recusado',
  not_taken: 'não recebido',
  server_error: 'erro no servidor da QI',
  no_answer: 'sem resposta',
};

export const POLICY_STATE: Words = {
  draft: 'Rascunho',
  in_review: 'Em revisão',
  approved: 'Aprovada',
  scheduled: 'Agendada',
  active: 'Ativa',
  retired: 'Substituída',
};

export const POLICY_COLOR: Words = {
  draft: 'gray',
  in_review: 'yellow',
  approved: 'blue',
  scheduled: 'violet',
  active: 'teal',
  retired: 'gray',
};

export const REASON: Words = {
  NOT_ELIGIBLE: 'Não elegível segundo a QI',
  CPF_INVALID: 'CPF inválido',
  CPF_BLOCKED: 'CPF bloqueado',
  EMPLOYER_NOT_COMPANY: 'Empregador pessoa física',
  EMPLOYER_DOCUMENT_INVALID: 'Documento do empregador inválido',
  EMPLOYER_BLOCKED: 'Empregador bloqueado',
  AGE_BELOW_MINIMUM: 'Idade abaixo do mínimo',
  AGE_AT_END_ABOVE_MAXIMUM: 'Idade na última parcela',
  TENURE_BELOW_MINIMUM: 'Pouco tempo de casa',
  POLITICALLY_EXPOSED: 'Pessoa politicamente exposta',
  LEAVE_RUNNING: 'Afastamento em curso',
  LEAVE_UPCOMING: 'Afastamento marcado',
  NOTICE_PERIOD_RUNNING: 'Aviso prévio em curso',
  JOB_TERMINATED: 'Emprego encerrado',
  REQUESTED_AMOUNT_INVALID: 'Valor pedido inválido',
  REQUESTED_TERM_INVALID: 'Prazo pedido inválido',
  LIVE_OFFER_EXISTS: 'Já temos oferta para o CPF',
  INSTALLMENT_ABOVE_MARGIN: 'Parcela acima da margem',
  HIGH_AMOUNT: 'Valor alto',
  MARGIN_BELOW_MINIMUM: 'Margem abaixo do mínimo',
  NO_PRICE: 'Sem preço na tabela',
  LATE_BIDDING_OFF: 'Depois do encerramento',
  SNAPSHOT_TOO_OLD: 'Consulta de saldo antiga',
  PRODUCT_NOT_IN_POLICY: 'Produto fora da política',
  RATE_ABOVE_LEGAL_CAP: 'Taxa acima do teto legal',
  RATE_NOT_OF_TABLE: 'Taxa diferente da tabela',
  NO_WITHDRAWAL_AVAILABLE: 'Sem saque a antecipar',
  ADVANCE_RUNNING: 'Antecipação em curso',
  FUNCTIONAL_SITUATION: 'Situação funcional não permitida',
  AUTHORIZATION_EXPIRED: 'Autorização vencida',
  PENSION_ENDS_BEFORE_LOAN: 'Pensão acaba antes do contrato',
  CONTRACT_ENDS_BEFORE_LOAN: 'Contrato de trabalho acaba antes',
  AMOUNT_NOT_IN_CENTS: 'Valor com fração de centavo',
  AMOUNT_BELOW_MINIMUM: 'Valor abaixo do mínimo',
  AMOUNT_ABOVE_MAXIMUM: 'Valor acima do máximo',
  INSTALLMENTS_BELOW_MINIMUM: 'Prazo abaixo do mínimo',
  INSTALLMENTS_ABOVE_MAXIMUM: 'Prazo acima do máximo',
  NO_PRICE_BAND: 'Sem preço para o valor e o prazo',
  INSTALLMENT_ABOVE_LIMIT: 'Parcela não cabe na margem',
  INSTALLMENT_BELOW_CENT: 'Parcela menor que um centavo',
  TARGET_UNATTAINABLE: 'Parcelas não alcançam o valor',
  COST_OUT_OF_RANGE: 'Custo efetivo não calculável',
  FEES_EXCEED_LOAN: 'Tarifas consomem o empréstimo',
  NO_TAX_RATES: 'Sem impostos vigentes',
  OUTSIDE_CALENDAR: 'Vencimento além do calendário',
  NO_LOSS_SEGMENT: 'Sem segmento na tabela de perdas',
  NO_PAYROLL_RULE: 'Sem regra de folha vigente',
  EXPOSURE_PER_BORROWER: 'Exposição máxima no CPF',
  EXPOSURE_PER_EMPLOYER: 'Exposição máxima no empregador',
  EXPOSURE_PER_DAY: 'Exposição máxima do dia',
  EXPOSURE_TOTAL: 'Exposição máxima total',
  PACING_PER_MINUTE: 'Máximo de lances por minuto',
  PACING_PER_HOUR: 'Máximo de lances por hora',
  PACING_PER_DAY: 'Máximo de lances por dia',
  RATE_ABOVE_LIVE_OFFER: 'Taxa acima da oferta viva',
};

/** "DATA_MISSING:employer_root" is "Falta: employer_root". */
export function reasonWord(code: string): string {
  const [name = code, field] = code.split(':');
  if (name === 'DATA_MISSING') return `Falta: ${inSentence(FIELD[field ?? ''] ?? field ?? 'um dado')}`;
  return REASON[code] ?? code;
}

/** "Idade" is "idade" within a sentence; "CPF" stays. */
export const inSentence = (text: string): string =>
  text.replace(/^\p{Lu}(?=\p{Ll})/u, (first) => first.toLowerCase());

export const FIELD: Words = {
  eligible: 'Elegível segundo a QI',
  cpf_valid: 'CPF válido',
  borrower_cpf: 'CPF do trabalhador',
  borrower_age: 'Idade',
  political_exposition: 'Exposição política',
  employer_document_type: 'Tipo de documento do empregador',
  employer_document_valid: 'Documento do empregador válido',
  employer_document: 'Documento do empregador',
  employer_root: 'Raiz do CNPJ do empregador',
  admission_date: 'Data de admissão',
  tenure_months: 'Tempo de casa',
  requested_amount: 'Valor solicitado',
  requested_installments: 'Prazo solicitado',
  requested_installment: 'Parcela solicitada sem juros',
  margin: 'Margem consignável',
  running_leave_codes: 'Motivos de afastamento em curso',
  upcoming_leave_codes: 'Motivos de afastamento já marcados',
  days_until_leave_end: 'Dias até o fim do afastamento',
  notice_period_running: 'Aviso prévio em curso',
  present_job_terminated: 'Emprego atual encerrado',
  termination_codes: 'Motivos de desligamento do emprego atual',
  has_past_termination: 'Já teve desligamento',
  months_since_last_termination: 'Meses desde o último desligamento',
  hour_of_day: 'Hora do dia',
  window_left_seconds: 'Tempo restante do leilão',
  borrower_live_offers: 'Ofertas nossas vivas para o CPF',
  borrower_lowest_live_rate: 'Menor taxa viva nossa para o CPF',
  employer_live_offers: 'Ofertas nossas vivas para o empregador',
  borrower_exposure: 'Exposição no CPF',
  employer_exposure: 'Exposição no empregador',
  offered_amount: 'Valor ofertado',
  offered_installments: 'Prazo ofertado',
  offered_installment: 'Parcela ofertada',
  offered_rate: 'Taxa mensal ofertada',
  offered_monthly_cet: 'CET mensal da oferta',
  last_due_date: 'Vencimento da última parcela',
  age_at_last_installment: 'Idade na última parcela',
  installment_to_margin: 'Parcela sobre a margem',
  offered_to_requested: 'Valor ofertado sobre o solicitado',
};

const WEBHOOK: Words = {
  'laas.private_payroll_auction.new_issuer_proposal_request': 'Pedido de proposta recebido',
  'laas.private_payroll_auction.end_of_auction': 'Fim do leilão informado',
  'laas.credit_operation.status_change': 'Operação mudou de estado na QI',
  'laas.private_payroll.reservation_status_change': 'Averbação mudou de estado na QI',
  'laas.private_payroll.reservation_failure': 'Averbação recusada na QI',
  'credit_operation.collateral': 'Garantia informada',
  debt: 'Dívida mudou de estado na QI',
};

export function webhookWord(type: string | null): string {
  return type === null || type === '' ? 'Notificação da QI sem tipo' : (WEBHOOK[type] ?? type);
}

export const WEBHOOK_RESULT: Words = {
  done: 'tratada',
  waiting: 'espera o que falta',
  new: 'na fila',
  parked: 'parada',
};

/** What other systems can be told of. */
export const NOTIFICATION_TYPE: Words = {
  'auction.decided': 'Decisão tomada: lançar ou não',
  'auction.won': 'Leilão ganho',
  'auction.lost': 'Leilão perdido',
  'operation.consent_reminder': 'Lembrete de anuência pendente (SIAPE)',
  'operation.disbursed': 'Valor desembolsado',
  'operation.failed': 'Operação que falhou ou foi cancelada',
  'task.opened': 'Tarefa aberta para uma pessoa',
  ...ALERT_TYPE,
};

export const OPERATION_FACT: Words = {
  won: 'Leilão ganho',
  issued: 'Operação emitida',
  signed: 'CCB assinada',
  signature_failed: 'Assinatura falhou',
  authorization_requested: 'QI pede autorização',
  authorization_accepted: 'Autorização aceita pela QI',
  reservation_waiting: 'Averbação em andamento',
  reservation_refused: 'Averbação recusada',
  reservation_confirmed: 'Garantia averbada',
  margin_released: 'Margem liberada',
  deletion_pending: 'Margem a liberar com a resposta do servidor',
  canceled_unsecured: 'QI cancelou a CCB: sem garantia',
  disbursement_failed: 'Desembolso recusado',
  resubmission_accepted: 'Reenvio aceito pela QI',
  disbursed: 'Valor desembolsado',
  cancellation_accepted: 'Cancelamento aceito pela QI',
  canceled_permanently: 'Cancelada em definitivo',
  noted: 'Informação registrada',
  authorization_decided: 'A política examinou a assinatura',
  cancel_permanently_requested: 'Cancelamento pedido',
  cancel_permanently_declined: 'Cancelamento recusado pela segunda pessoa',
  cancel_permanently_undone: 'Cancelamento desfeito antes do envio',
  request_reversal_requested: 'Devolução pedida: o cliente desistiu',
  request_reversal_declined: 'Devolução recusada pela segunda pessoa',
  request_reversal_undone: 'Devolução desfeita antes do envio',
  request_reversal_intended: 'Cobrança da devolução a enviar',
  request_reversal_accepted: 'QI criou a cobrança da devolução',
  request_reversal_rejected: 'QI recusou a devolução',
  request_reversal_not_taken: 'Devolução não chegou à QI',
  refunded: 'Cliente devolveu o valor: operação cancelada',
  authorize_intended: 'Autorização a enviar',
  document_sent: 'Documento enviado à QI',
  submit_signature_intended: 'Assinatura a enviar',
  resubmit_disbursement_intended: 'Reenvio a enviar',
  cancel_permanently_intended: 'Cancelamento a enviar',
  authorize_rejected: 'QI recusou a autorização',
  submit_signature_rejected: 'QI recusou a assinatura enviada',
  submit_signature_accepted: 'QI recebeu a assinatura',
  resubmit_disbursement_rejected: 'QI recusou o reenvio',
  cancel_permanently_rejected: 'QI recusou o cancelamento',
  authorize_not_taken: 'Autorização não chegou à QI',
  submit_signature_not_taken: 'Assinatura não chegou à QI',
  resubmit_disbursement_not_taken: 'Reenvio não chegou à QI',
  cancel_permanently_not_taken: 'Cancelamento não chegou à QI',
};

/** What we lend. */
export const PRODUCT: Words = {
  private_payroll: 'Consignado privado',
  fgts: 'FGTS saque-aniversário',
  federal_payroll: 'SIAPE',
};

/** What became of a guarantee that was refused. */
export const GUARANTEE_OUTCOME: Words = {
  tried_again: 'A QI tenta a garantia de novo sozinha',
  given_up: 'A garantia foi recusada: a QI não tenta mais',
  unexplained: 'A garantia foi recusada por um motivo que não conhecemos',
  bound: 'A garantia foi averbada',
};

export const ROLE: Words = {
  viewer: 'Leitor',
  analyst: 'Analista',
  policy_value_author: 'Autor de valores',
  policy_author: 'Autor da política',
  policy_approver: 'Aprovador da política',
  operator: 'Operador',
  operations_approver: 'Aprovador de operações',
  auditor: 'Auditor',
  admin: 'Administrador',
};

export const EXPORT_STATUS: Words = {
  waiting: 'na fila',
  running: 'em andamento',
  done: 'pronta',
  failed: 'falhou',
};

export function wordOf(words: Words, code: string | null | undefined): string {
  return code == null ? '–' : (words[code] ?? code);
}

/** Titles of problems that the API tells programmers in English. Those it tells people are Portuguese already. */
export const PROBLEM: Readonly<Record<string, string>> = {
  'Your roles do not permit this': 'Seus papéis não permitem isto',
  'Sign in, or give a valid bearer token': 'Entre de novo para continuar',
  'X-CSRF-Token is missing or is not that of this session': 'A sessão mudou: recarregue a página',
  'This is for people who signed in, not for tokens': 'Isto é para pessoas, não para tokens',
  'The request is not valid': 'Há campos a corrigir',
  'There is no such auction': 'Esse leilão não existe',
  'Nothing was decided yet': 'Ainda nada foi decidido',
  'A review was asked for and is not over': 'Uma revisão já foi pedida e não terminou',
  'There is no such user, or it is disabled': 'Esse usuário não existe ou está desativado',
  'There is no such token': 'Esse token não existe',
  'There is no such session of yours': 'Você não tem essa sessão',
  'Not found': 'Isto não existe',
  'The database does not answer': 'O banco de dados não responde',
  'The case cannot be priced': 'O caso não tem preço',
  'Something went wrong on our side; it has been logged': 'O serviço falhou; o erro foi registrado',
};

/** What the API says of a field to programmers, in words for whoever filled it in. */
export const FIELD_PROBLEM: Words = {
  'must be plain text': 'há caracteres que não servem aqui',
  'must be an e-mail address, or 2 to 100 of a-z 0-9 . _ + -':
    'escreva um e-mail, ou de 2 a 100 caracteres: letras sem acento, algarismos e . _ + -',
  'must be 1 to 63 letters, digits, blanks or . _ @ : -':
    'escreva de 1 a 63 caracteres: letras, algarismos, espaços e . _ @ : -',
  'must have at least 12 characters': 'pelo menos 12 caracteres',
  'must not be the username': 'não pode ser o nome do usuário',
  'must be the 6 digits your authenticator shows': 'são os seis dígitos que o autenticador mostra',
  'is no enabled user': 'não é uma pessoa ativa',
  'the keeper may not all that these roles permit':
    'quem responde pelo token não pode tudo o que estes papéis permitem',
  'must be in the future, no further than access.token_max_days': 'é tempo demais',
  'informe uma data que existe, AAAA-MM-DD': 'informe uma data que existe',
  'is not an address': 'não é um endereço',
  'must be https': 'precisa ser https',
  'must not carry a name or password': 'não pode levar usuário nem senha',
  'is not a public address': 'não é um endereço público',
};

/** What all bids share and the policy limits. */
export const LIMIT: Words = {
  total: 'Exposição total',
  per_day: 'Exposição do dia',
  per_borrower: 'Exposição por trabalhador',
  per_employer: 'Exposição por empregador',
  bids_per_day: 'Lances no dia',
  bids_per_hour: 'Lances nesta hora',
  bids_per_minute: 'Lances neste minuto',
};

/** What somebody did to a task. */
export const TASK_DEED: Words = {
  claimed: 'assumiu',
  released: 'devolveu',
  snoozed: 'adiou',
  resolved: 'resolveu',
};

const ACTOR: Words = {
  'api-token': 'token do ambiente',
  seed: 'primeira partida',
  system: 'o sistema',
};

/** Who did something: a person by name, everybody else by what they are. */
export function actorWord(actor: string): string {
  const [, kind = '', name = ''] = /^(user|token|policy):(.+)$/.exec(actor) ?? [];
  if (kind === 'user') return name;
  if (kind === 'token') return `token ${name}`;
  return kind === 'policy' ? `política, versão ${name}` : wordOf(ACTOR, actor);
}

/** A field of what an event said; others are for machines and are not shown. */
export const FACT: Words = {
  reason: 'motivo',
  note: 'observação',
  description: 'resposta da QI',
  code: 'código',
  enumerator: 'código',
  decision: 'decisão',
  http_status: 'HTTP',
  by: 'por',
  evidence: 'como se descobriu',
};

/** Who or what settled something, where it is not a person. */
export const BY: Words = {
  qi: 'resposta da QI',
  webhook: 'notificação da QI',
  inquiry: 'consulta à QI',
  reservation_query: 'consulta à QI',
  cancellation_rejected: 'cancelamento recusado',
};

export const AUTHORIZATION: Words = {
  automatic: 'autoriza sozinha',
  person: 'uma pessoa decide',
  cancel: 'propõe o cancelamento',
};
