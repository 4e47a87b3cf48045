import type { Words } from '../../../src/words';

/** How far learned rates have come. */
export const RATE_STAGE: Words = {
  shadow: 'Só observa',
  canary: 'Numa parte dos leilões',
  active: 'Em todos, menos no controle',
};

export const RATE_VERSION_STATE: Words = {
  waiting: 'À espera de aprovação',
  in_force: 'Em vigor',
  retired: 'Substituída',
};

export const RATE_RUN_STATE: Words = {
  ordered: 'Pedido',
  running: 'Aprendendo',
  made: 'Versão feita',
  refused: 'Recusado',
  failed: 'Falhou',
};

/** Why a version waits for a person. */
export const RATE_WAIT: Words = {
  MOVED_AFTER_DRIFT: 'O mercado mudou e as taxas mudaram muito',
  MOVED_WITH_MANDATE: 'O mandato mudou e as taxas mudaram muito',
  FASTER_THAN_LIMIT: 'Uma taxa mudou mais que o limite por dia',
};

/** What speaks against a version. */
export const RATE_DOUBT: Words = {
  uncalibrated: 'O erro de calibração passa de 8 pontos',
  drifted: 'O mercado mudou nos últimos dias',
};

/** Why the table is bid although a version is in force. */
export const RATE_FALLBACK: Words = {
  NO_VERSION: 'Ainda sem versão',
  STALE: 'A versão está velha',
  HASH_MISMATCH: 'A versão foi alterada no banco',
  FORMAT_UNKNOWN: 'A versão é de um formato desconhecido',
  ORIGIN_CHANGED: 'As premissas da versão mudaram',
  CELLS_MISSING: 'A versão não tem todas as células',
  RATE_OUTSIDE_BOUNDS: 'A versão tem taxas fora dos limites',
  PROPENSITIES_BROKEN: 'A versão tem testes inválidos',
  RETURNED: 'Os lances foram devolvidos à tabela',
  FUNDING_SPENT: 'O teto do dia para taxas aprendidas foi usado, ou é zero',
  CELL_UNKNOWN: 'A versão não tem taxa para o pedido',
  OUT_OF_BAND: 'A taxa da versão fica fora da faixa',
  BORROWER_UNKNOWN: 'Não se sabe quem é o tomador',
};

/** Of what scarce money has its price. */
export const RATE_PRICED_PER: Words = { won: 'valor ganho', lent: 'valor emprestado' };

/** Why every bid is at the table of the policy again. */
export const RATE_RETURN: Words = {
  CALIBRATION: 'As chances previstas não se confirmam',
  MARGIN_BELOW_CONTROL: 'A margem fica abaixo da do controle',
  DRIFT_AGAIN: 'O mercado mudou três vezes em dez dias',
  AT_CEILING: 'Muitas taxas subiram de uma vez até o teto',
  HASH_MISMATCH: 'A versão foi alterada no banco',
  STALE: 'A versão está velha',
  PERSON: 'Decisão de uma pessoa',
};

/** Why a night made no version. */
export const RATE_REFUSAL: Words = {
  TOO_FEW_BIDS: 'Há poucos lances para aprender',
  GAP_IN_TIME: 'Faltam os lances dos últimos dias',
  ONE_ARMED: 'Todos os lances foram à mesma taxa',
  NOT_CONVERGED: 'O cálculo não chegou a um resultado',
  NOT_POSITIVE_DEFINITE: 'O cálculo não chegou a um resultado',
  CELL_UNKNOWN: 'Há lances de uma faixa desconhecida',
  NOT_A_COUNT: 'Há contagens impossíveis',
  RATE_NOT_WHOLE: 'Há taxas fora da grade de 0,01 ponto',
  NO_ROOM: 'Nenhuma linha tem espaço entre o piso e o teto',
  DECLARATION_BROKEN: 'As taxas quebrariam a ordem declarada na tabela',
  FAILED: 'Erro no serviço; o registro diz por quê',
};

/** Why the rates that were tried by chance do not answer a question. */
export const WHAT_IF_REFUSAL: Words = {
  NO_PROPENSITIES: 'Há lances sem as chances de cada taxa guardadas.',
  OUTSIDE_EXPLORED: 'A taxa pedida fica fora das que foram testadas.',
  SAMPLE_TOO_SMALL: 'Poucos lances foram feitos perto da taxa pedida: abaixo de 200 não se julga.',
  TOO_FEW_DAYS: 'Há menos de 20 dias com testes.',
};
