/** The product's codes in the words of the people who work with it; those that the server says too are its own. */
import { reais } from '../format/format';
import { PEOPLE_TYPE } from './alert-words';
import { ACTION, inProse, OPERATION_FACT, qiCodeWord, wordOf, type Words } from '../../../src/words';

export {
  ACTION,
  asTitle,
  AUCTION_STATUS,
  BID_STATUS,
  COMMAND_STATUS,
  FIELD,
  inSentence,
  MARGIN_STATUS,
  OPERATION_FACT,
  OPERATION_STATUS,
  PAYMENT_REFUSAL,
  PERIODIC_WORK,
  plainName,
  qiCodeWord,
  REASON,
  reasonWord,
  STATUS_REASON,
  TASK_KIND,
  wordOf,
  type Words,
} from '../../../src/words';

/** What a list lets choose: every code that has a word, or the named ones. */
export function optionsOf<Code extends string>(
  words: Words,
  codes: readonly Code[] = Object.keys(words) as Code[],
): { value: Code; label: string }[] {
  return codes.map((value) => ({ value, label: wordOf(words, value) }));
}

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

/** Why there is no decision to show. */
export const NO_DECISION: Words = {
  awaited: 'Ainda não decidido',
  never_made: 'Nunca foi decidido',
  archived: 'A decisão e o lance estão no arquivo',
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

const WEBHOOK: Words = {
  'laas.private_payroll_auction.new_issuer_proposal_request': 'Pedido de proposta recebido',
  'laas.private_payroll_auction.end_of_auction': 'Fim do leilão informado',
  'laas.credit_operation.status_change': 'Operação mudou de estado na QI',
  'laas.private_payroll.reservation_status_change': 'Averbação mudou de estado na QI',
  'laas.private_payroll.reservation_failure': 'Averbação recusada na QI',
  'laas.private_payroll.renewed_reservation': 'Nova averbação em outro vínculo',
  'credit_operation.collateral': 'Garantia informada',
  debt: 'Dívida mudou de estado na QI',
};

export function webhookWord(type: string | null): string {
  return type === null || type === ''
    ? 'Notificação da QI sem tipo'
    : (WEBHOOK[type] ?? 'Notificação desconhecida');
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
  ...PEOPLE_TYPE,
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

/** Titles of problems that the API tells programmers in English. Those it tells people are Portuguese already. */
export const PROBLEM: Readonly<Record<string, string>> = {
  'Your roles do not permit this': 'Seus papéis não permitem isto',
  'Sign in, or give a valid bearer token': 'Entre de novo para continuar',
  'X-CSRF-Token is missing or is not that of this session': 'A sessão mudou e nada foi feito: repita',
  'This is for people who signed in, not for tokens': 'Isto é para pessoas, não para tokens',
  'The request is not valid': 'Há campos a corrigir',
  'A Idempotency-Key já foi usada com outro pedido':
    'O pedido anterior, cuja resposta se perdeu, foi feito como estava escrito; este não foi',
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
  'system:recovery': 'o sistema, ao notar a restauração',
  'system:unwatched': 'o sistema, sem ninguém a vigiar',
  qi: 'a QI',
};

/** Who did something: a person by name, everybody else by what they are. */
export function actorWord(actor: string): string {
  const [, kind = '', name = ''] = /^(user|token|policy):(.+)$/.exec(actor) ?? [];
  if (kind === 'user') return name;
  if (kind === 'token') return `token ${name}`;
  return kind === 'policy' ? `política, versão ${name}` : wordOf(ACTOR, actor);
}

/** A field of what an event said; others are for machines and are not shown. */
const FACT: Words = {
  reason: 'motivo',
  note: 'observação',
  description: 'resposta da QI',
  code: 'código',
  enumerator: 'código',
  decision: 'decisão',
  http_status: 'HTTP',
  by: 'por',
  evidence: 'como se descobriu',
  recalculated_amount: 'novo valor ao trabalhador',
  owed_before: 'valor anterior',
};

/** Who or what settled something, where it is not a person. */
const BY: Words = {
  qi: 'resposta da QI',
  webhook: 'notificação da QI',
  inquiry: 'consulta à QI',
  reservation_query: 'consulta à QI',
  cancellation_rejected: 'cancelamento recusado',
};

const AUTHORIZATION: Words = {
  automatic: 'autoriza sozinha',
  person: 'uma pessoa decide',
  cancel: 'propõe o cancelamento',
};

/** How it was decided. */
export const DECISION: Words = { bid: 'Decidido: lançar', no_bid: 'Decidido: não lançar' };

/** What a second person decides. */
export const APPROVAL_ACTION: Words = { ...ACTION, release_kill_switch: 'Voltar a dar lances' };

export const SIGN_IN_METHOD: Words = { password: 'senha', oidc: 'provedor de identidade' };

/** Of what a check of a policy finds. */
export const FINDING: Words = { error: 'erro', warning: 'aviso' };

/** A plain value of what an event said; undefined where it is for machines. */
export function factInWords(name: string, value: string): string | undefined {
  const word = FACT[name];
  if (word === undefined) return undefined;
  return `${word}: ${FACT_VALUE[name]?.(value) ?? value}`;
}

const FACT_VALUE: Readonly<Record<string, (value: string) => string>> = {
  by: (by) => wordOf(BY, by),
  decision: (decision) => wordOf(AUTHORIZATION, decision),
  code: qiCodeWord,
  enumerator: qiCodeWord,
  reason: inProse,
  description: inProse,
  recalculated_amount: reais,
  owed_before: reais,
};

/** How a task ended, or why it is nobody's any more: by what was heard, or in somebody's own words. */
export function resolutionWord(resolution: string): string {
  return (
    {
      ...OPERATION_FACT,
      ...PRODUCT,
      accepted: 'aceito pela QI',
      rejected: 'recusado pela QI',
      recalculated: 'a QI calculou outro dia de pagamento',
      overtaken: 'a operação já seguiu adiante',
      paid_off: 'a operação está quitada',
      undone: 'desfeito antes do envio',
      owner_left: 'quem a tinha não pode mais trabalhar nela',
    }[resolution] ?? resolution
  );
}
