import type { CalendarDate, Decimal, Personal } from '../../kernel';

/** What kind of value a field holds; it decides which operators and which cells a policy may use on it. */
export type FieldType = 'amount' | 'rate' | 'integer' | 'date' | 'code' | 'code_list' | 'boolean' | 'text';

/** `request`: known when the request arrives. `offer`: known only once an offer has been priced. */
export type Stage = 'request' | 'offer';

export type ESocialTable = 'leave_reasons' | 'termination_reasons';

export interface FieldDefinition {
  readonly type: FieldType;
  readonly stage: Stage;
  /** Name of the field in Portuguese, as the credit team says it. */
  readonly label: string;
  /** Unit shown after an integer, for one and for many: "36 meses". */
  readonly unit?: readonly [one: string, many: string];
  /** Where the value comes from: the path in QI's webhook, or how it is derived. */
  readonly source: string;
  /** Personal data: held as `Personal`, never shown unmasked in a verdict. */
  readonly personal?: true;
  /** The form of a code or text, as a regular expression. */
  readonly pattern?: RegExp;
  /** Every code there is, when the set is closed. */
  readonly values?: readonly string[];
  /** Codes of a dated table of eSocial. */
  readonly eSocialTable?: ESocialTable;
}

const LOWER_CODE = /^[a-z][a-z0-9_]{0,59}$/;
const TWO_DIGITS = /^\d{2}$/;
const CNPJ_ROOT = /^[0-9A-Z]{8}$/;
const ELEVEN_DIGITS = /^\d{11}$/;
const EMPLOYER_DOCUMENT = /^(\d{11}|[0-9A-Z]{12}\d{2})$/;

/** Every fact a policy may speak of. A name that is not here cannot be activated. */
export const FIELDS = {
  eligible: {
    type: 'boolean',
    stage: 'request',
    label: 'Elegível segundo a QI',
    source: 'issuer_proposal_request_data.eligible',
  },
  cpf_valid: {
    type: 'boolean',
    stage: 'request',
    label: 'CPF válido',
    source: 'derivado: dígitos verificadores de issuer_proposal_request_data.document_number',
  },
  borrower_cpf: {
    type: 'text',
    stage: 'request',
    label: 'CPF do trabalhador',
    source: 'issuer_proposal_request_data.document_number',
    personal: true,
    pattern: ELEVEN_DIGITS,
  },
  borrower_age: {
    type: 'integer',
    stage: 'request',
    label: 'Idade',
    unit: ['ano', 'anos'],
    source: 'derivado: anos completos desde birth_date, hoje em São Paulo',
  },
  political_exposition: {
    type: 'code',
    stage: 'request',
    label: 'Exposição política',
    source: 'issuer_proposal_request_data.political_exposition',
    pattern: LOWER_CODE,
  },
  employer_document_type: {
    type: 'code',
    stage: 'request',
    label: 'Tipo de documento do empregador',
    source: 'issuer_proposal_request_data.employer_document_type',
    values: ['cnpj', 'cpf'],
  },
  employer_document_valid: {
    type: 'boolean',
    stage: 'request',
    label: 'Documento do empregador válido',
    source: 'derivado: dígitos verificadores do CNPJ (numérico ou alfanumérico) ou do CPF',
  },
  employer_document: {
    type: 'text',
    stage: 'request',
    label: 'Documento do empregador',
    source: 'issuer_proposal_request_data.employer_document_number',
    personal: true,
    pattern: EMPLOYER_DOCUMENT,
  },
  employer_root: {
    type: 'text',
    stage: 'request',
    label: 'Raiz do CNPJ do empregador',
    source: 'derivado: oito primeiros caracteres do CNPJ; ausente se o empregador tem CPF',
    pattern: CNPJ_ROOT,
  },
  admission_date: {
    type: 'date',
    stage: 'request',
    label: 'Data de admissão',
    source: 'issuer_proposal_request_data.admission_date',
  },
  tenure_months: {
    type: 'integer',
    stage: 'request',
    label: 'Tempo de casa',
    unit: ['mês', 'meses'],
    source: 'derivado: meses completos desde admission_date',
  },
  requested_amount: {
    type: 'amount',
    stage: 'request',
    label: 'Valor solicitado',
    source: 'issuer_proposal_request_data.disbursed_issue_amount',
  },
  requested_installments: {
    type: 'integer',
    stage: 'request',
    label: 'Prazo solicitado',
    unit: ['parcela', 'parcelas'],
    source: 'issuer_proposal_request_data.number_of_installments',
  },
  requested_installment: {
    type: 'amount',
    stage: 'request',
    label: 'Parcela solicitada sem juros',
    source: 'derivado: valor solicitado dividido pelo prazo solicitado, em centavos',
  },
  margin: {
    type: 'amount',
    stage: 'request',
    label: 'Margem consignável',
    source: 'issuer_proposal_request_data.consigned_credit_balance',
  },
  running_leave_codes: {
    type: 'code_list',
    stage: 'request',
    label: 'Motivos de afastamento em curso',
    source: 'derivado de alerts[]: eSocial tabela 18 dos afastamentos que correm hoje (sem fim = em curso)',
    pattern: TWO_DIGITS,
    eSocialTable: 'leave_reasons',
  },
  upcoming_leave_codes: {
    type: 'code_list',
    stage: 'request',
    label: 'Motivos de afastamento já marcados',
    source: 'derivado de alerts[]: eSocial tabela 18 dos afastamentos que começam depois de hoje',
    pattern: TWO_DIGITS,
    eSocialTable: 'leave_reasons',
  },
  days_until_leave_end: {
    type: 'integer',
    stage: 'request',
    label: 'Dias até o fim do afastamento',
    unit: ['dia', 'dias'],
    source:
      'derivado de alerts[]: até o último fim entre os em curso; 0 sem afastamento; ausente se um não tem fim',
  },
  notice_period_running: {
    type: 'boolean',
    stage: 'request',
    label: 'Aviso prévio em curso',
    source: 'derivado de alerts[]: desligamento do emprego atual anunciado e ainda não efetivo',
  },
  present_job_terminated: {
    type: 'boolean',
    stage: 'request',
    label: 'Emprego atual encerrado',
    source: 'derivado de alerts[]: desligamento até hoje e não anterior à admissão atual',
  },
  termination_codes: {
    type: 'code_list',
    stage: 'request',
    label: 'Motivos de desligamento do emprego atual',
    source: 'derivado de alerts[]: eSocial tabela 19',
    pattern: TWO_DIGITS,
    eSocialTable: 'termination_reasons',
  },
  has_past_termination: {
    type: 'boolean',
    stage: 'request',
    label: 'Já teve desligamento',
    source: 'derivado de alerts[]: algum desligamento, de qualquer emprego, até hoje',
  },
  months_since_last_termination: {
    type: 'integer',
    stage: 'request',
    label: 'Meses desde o último desligamento',
    unit: ['mês', 'meses'],
    source: 'derivado de alerts[]: meses completos; ausente se nunca houve (use com has_past_termination)',
  },
  hour_of_day: {
    type: 'integer',
    stage: 'request',
    label: 'Hora do dia',
    unit: ['h', 'h'],
    source: 'derivado: 0 a 23, em São Paulo',
  },
  window_left_seconds: {
    type: 'integer',
    stage: 'request',
    label: 'Tempo restante do leilão',
    unit: ['s', 's'],
    source: 'derivado: segundos inteiros até o limite de inclusão; negativo depois dele',
  },
  borrower_live_offers: {
    type: 'integer',
    stage: 'request',
    label: 'Ofertas nossas vivas para o CPF',
    unit: ['oferta viva', 'ofertas vivas'],
    source: 'derivado: registro de ofertas vivas',
  },
  borrower_lowest_live_rate: {
    type: 'rate',
    stage: 'request',
    label: 'Menor taxa viva nossa para o CPF',
    source: 'derivado: registro de ofertas vivas; ausente sem oferta viva (use com borrower_live_offers)',
  },
  employer_live_offers: {
    type: 'integer',
    stage: 'request',
    label: 'Ofertas nossas vivas para o empregador',
    unit: ['oferta viva', 'ofertas vivas'],
    source: 'derivado: registro de ofertas vivas',
  },
  borrower_exposure: {
    type: 'amount',
    stage: 'request',
    label: 'Exposição no CPF',
    source: 'derivado: reservado e comprometido com o CPF, em reais',
  },
  employer_exposure: {
    type: 'amount',
    stage: 'request',
    label: 'Exposição no empregador',
    source: 'derivado: reservado e comprometido com o empregador, em reais',
  },
  offered_amount: {
    type: 'amount',
    stage: 'offer',
    label: 'Valor ofertado',
    source: 'oferta: valor desembolsado',
  },
  offered_installments: {
    type: 'integer',
    stage: 'offer',
    label: 'Prazo ofertado',
    unit: ['parcela', 'parcelas'],
    source: 'oferta: número de parcelas',
  },
  offered_installment: {
    type: 'amount',
    stage: 'offer',
    label: 'Parcela ofertada',
    source: 'oferta: valor da parcela',
  },
  offered_rate: {
    type: 'rate',
    stage: 'offer',
    label: 'Taxa mensal ofertada',
    source: 'oferta: taxa de juros ao mês',
  },
  offered_monthly_cet: {
    type: 'rate',
    stage: 'offer',
    label: 'CET mensal da oferta',
    source: 'oferta: custo efetivo total ao mês',
  },
  last_due_date: {
    type: 'date',
    stage: 'offer',
    label: 'Vencimento da última parcela',
    source: 'oferta: último vencimento',
  },
  age_at_last_installment: {
    type: 'integer',
    stage: 'offer',
    label: 'Idade na última parcela',
    unit: ['ano', 'anos'],
    source: 'derivado: anos completos de birth_date ao último vencimento',
  },
  installment_to_margin: {
    type: 'rate',
    stage: 'offer',
    label: 'Parcela sobre a margem',
    source: 'derivado: parcela ofertada dividida pela margem',
  },
  offered_to_requested: {
    type: 'rate',
    stage: 'offer',
    label: 'Valor ofertado sobre o solicitado',
    source: 'derivado: valor ofertado dividido pelo solicitado',
  },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export type FieldName = keyof typeof FIELDS;

interface TypedValue {
  amount: Decimal;
  rate: Decimal;
  integer: number;
  date: CalendarDate;
  code: string;
  code_list: readonly string[];
  boolean: boolean;
  text: string;
}

/** The value a field holds when it is known. */
export type FactValue<F extends FieldName> = (typeof FIELDS)[F] extends { readonly personal: true }
  ? Personal
  : TypedValue[(typeof FIELDS)[F]['type']];

type FieldsOf<S extends Stage> = {
  [F in FieldName]: (typeof FIELDS)[F]['stage'] extends S ? F : never;
}[FieldName];

/** What is known of a request. Undefined is "not known", and a rule that needs it declines. */
export type RequestFacts = { readonly [F in FieldsOf<'request'>]: FactValue<F> | undefined };
/** What is known of an offer once it has been priced. */
export type OfferFacts = { readonly [F in FieldsOf<'offer'>]: FactValue<F> | undefined };
export type Facts = RequestFacts & OfferFacts;

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

export function fieldDefinition(name: FieldName): FieldDefinition {
  return FIELDS[name];
}

/** Facts of which nothing is known: the start for tests and for a request not yet priced. */
export const NOTHING_KNOWN = unknown(FIELD_NAMES) as Facts;

/** The facts of an offer as long as there is none. */
export const NOTHING_OFFERED = unknown(
  FIELD_NAMES.filter((name) => fieldDefinition(name).stage === 'offer'),
) as OfferFacts;

function unknown(names: readonly FieldName[]): object {
  return Object.freeze(Object.fromEntries(names.map((name) => [name, undefined])));
}
