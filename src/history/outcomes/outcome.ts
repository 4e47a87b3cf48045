import {
  Decimal,
  flatMapInSteps,
  parseCalendarDate,
  parseReais,
  showDate,
  showReais,
  type CalendarDate,
  type Steps,
} from '../../kernel';
import { cellName, type Sheet } from '../../policy/domain';

/** What is told of one instalment after disbursement. */
export const OUTCOME_STATUSES = ['paid', 'late', 'unpaid', 'prepaid', 'written_off'] as const;
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

export interface LoanOutcome {
  readonly credit_operation_key: string;
  readonly installment: number;
  readonly due_on: CalendarDate;
  readonly status: OutcomeStatus;
  /** Of what was paid, in time, late or ahead. */
  readonly paid_on: CalendarDate | null;
  readonly paid_amount: string | null;
  /** Of what was written off. */
  readonly loss_amount: string | null;
}

export interface OutcomeProblem {
  /** The cell of a sheet (`C7`), or the place in a body (`outcomes.6.status`). */
  readonly path: string;
  /** In Portuguese. */
  readonly message: string;
}

/** What an outcome is called in a file. */
export const STATUS_WORDS: Readonly<Record<OutcomeStatus, string>> = {
  paid: 'paga',
  late: 'paga com atraso',
  unpaid: 'em aberto',
  prepaid: 'antecipada',
  written_off: 'baixada',
};
const COLUMNS = ['operacao', 'parcela', 'vencimento', 'situacao', 'pago_em', 'valor_pago', 'perda'] as const;
const FIELDS = [
  'credit_operation_key',
  'installment',
  'due_on',
  'status',
  'paid_on',
  'paid_amount',
  'loss_amount',
] as const;
export type Field = (typeof FIELDS)[number];
/** The place of a line as a whole. */
export const KEY = 'credit_operation_key' satisfies Field;
/** Where in what was told a field stands. */
type PlaceOf = (field: Field) => string;

export interface OutcomesRead {
  readonly lines: number;
  readonly outcomes: readonly LoanOutcome[];
  /** Of each outcome, where in the file each of its fields stands. */
  readonly places: readonly PlaceOf[];
  readonly problems: readonly OutcomeProblem[];
}

/** A sheet with one line for each instalment; every wrong cell by its place. */
export function* readOutcomeSheet(sheet: Sheet): Steps<OutcomesRead> {
  const lines = sheet.map((cells, row) => ({ cells, row })).filter(({ cells }) => cells.some(Boolean));
  const [head, ...rest] = lines;
  const wrong = COLUMNS.findIndex((name, at) => head?.cells[at]?.trim().toLowerCase() !== name);
  if (wrong >= 0) {
    const message = `esperada a coluna ${COLUMNS[wrong] ?? ''}`;
    return {
      lines: 0,
      outcomes: [],
      places: [],
      problems: [{ path: cellName(wrong, head?.row ?? 0), message }],
    };
  }
  const read = yield* flatMapInSteps(rest, function* ({ cells, row }) {
    yield;
    const place: PlaceOf = (field) => cellName(FIELDS.indexOf(field), row);
    return [readLine((field) => cells[FIELDS.indexOf(field)]?.trim() ?? '', place)];
  });
  return together(read);
}

/** The same from the API, where statuses go by their codes and dates and amounts are as everywhere in it. */
export function readOutcomeList(items: readonly Readonly<Partial<Record<Field, unknown>>>[]): OutcomesRead {
  return together(
    items.map((item, at) =>
      readLine(
        (field) => {
          const value = item[field];
          return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
        },
        (field) => `outcomes.${String(at)}.${field}`,
      ),
    ),
  );
}

interface LineRead {
  readonly place: PlaceOf;
  readonly outcome: LoanOutcome | undefined;
  readonly problems: readonly OutcomeProblem[];
}

function together(lines: readonly LineRead[]): OutcomesRead {
  const seen = new Map<string, string>();
  const repeated = lines.flatMap(({ outcome, place }): OutcomeProblem[] => {
    if (outcome === undefined) return [];
    const key = `${outcome.credit_operation_key} ${String(outcome.installment)}`;
    const before = seen.get(key);
    seen.set(key, before ?? place(KEY));
    if (before === undefined) return [];
    return [{ path: place(KEY), message: `a mesma parcela da mesma operação está em ${before}` }];
  });
  const good = lines.flatMap(({ outcome, place }) => (outcome === undefined ? [] : [{ outcome, place }]));
  return {
    lines: lines.length,
    outcomes: good.map(({ outcome }) => outcome),
    places: good.map(({ place }) => place),
    problems: [...lines.flatMap(({ problems }) => problems), ...repeated],
  };
}

/**
 * Days that cannot be, of an instalment of a loan that was opened on `openedOn`, told `today`. Where a spreadsheet set to English
 * has written the month before the day, and all days are of the first twelve, this is what shows it.
 */
export function impossibleDays(
  { due_on, paid_on }: Pick<LoanOutcome, 'due_on' | 'paid_on'>,
  openedOn: CalendarDate,
  today: CalendarDate,
): readonly (readonly [Field, message: string])[] {
  const found: (readonly [Field, string])[] = [];
  const before = (): string =>
    `é antes de ${showDate(openedOn)}, quando a operação foi aberta; ${MAY_BE_SWAPPED}`;
  if (due_on < openedOn) found.push(['due_on', `o vencimento ${before()}`]);
  if (paid_on === null) return found;
  if (paid_on < openedOn) found.push(['paid_on', `o pagamento ${before()}`]);
  if (paid_on > today)
    found.push(['paid_on', `o pagamento é de um dia que ainda não chegou; ${MAY_BE_SWAPPED}`]);
  return found;
}

const MAY_BE_SWAPPED = 'o dia e o mês podem estar trocados';

/** As people say it: "baixada, vencimento 28/11/2026, perda R$ 500,00". */
export function outcomeInWords({
  status,
  due_on,
  paid_on,
  paid_amount,
  loss_amount,
}: Omit<LoanOutcome, 'credit_operation_key' | 'installment'>): string {
  const reais = (amount: string): string => showReais(new Decimal(amount));
  return [
    STATUS_WORDS[status],
    `vencimento ${showDate(due_on)}`,
    ...(paid_on === null ? [] : [`pagamento ${showDate(paid_on)}`]),
    ...(paid_amount === null ? [] : [`valor ${reais(paid_amount)}`]),
    ...(loss_amount === null ? [] : [`perda ${reais(loss_amount)}`]),
  ].join(', ');
}

const PAID: readonly OutcomeStatus[] = ['paid', 'late', 'prepaid'];

const AMOUNT =
  'esperado um valor em reais, como 1.234,56; mil e quinhentos são 1500 ou 1.500,00, pois 1.500 pode ser outro valor';

function readLine(text: (field: Field) => string, place: PlaceOf): LineRead {
  const key = text(KEY);
  const installment = /^\d{1,3}$/.test(text('installment')) ? Number(text('installment')) : 0;
  const due = dateOf(text('due_on'));
  const status = statusOf(text('status'));
  const paidOn = text('paid_on') === '' ? null : dateOf(text('paid_on'));
  const [paid, loss] = [amountOf(text('paid_amount')), amountOf(text('loss_amount'))];
  const isPaid = status !== undefined && PAID.includes(status);
  const words = Object.values(STATUS_WORDS).join(', ');
  const checks: readonly (readonly [Field, boolean, string])[] = [
    [KEY, key !== '', 'não foi preenchida'],
    ['installment', installment >= 1 && installment <= 144, 'esperado um número de 1 a 144'],
    ['due_on', due !== undefined, 'esperada uma data que exista, dd/mm/aaaa'],
    ['status', status !== undefined, `esperada uma de: ${words}`],
    [
      'paid_on',
      paidOn !== undefined && (status === undefined || isPaid === (paidOn !== null)),
      'uma data, dd/mm/aaaa, de uma parcela paga, e só dela',
    ],
    ['paid_amount', paid !== undefined, AMOUNT],
    ['loss_amount', loss !== undefined, AMOUNT],
    [
      'loss_amount',
      loss === undefined || status === undefined || (status === 'written_off') === (loss !== null),
      'um valor em reais, de uma parcela baixada, e só dela',
    ],
  ];
  const problems = checks.flatMap(([field, isGood, message]) =>
    isGood ? [] : [{ path: place(field), message }],
  );
  const isWhole = problems.length === 0 && due !== undefined && status !== undefined;
  const outcome = isWhole
    ? {
        credit_operation_key: key,
        installment,
        due_on: due,
        status,
        paid_on: paidOn ?? null,
        paid_amount: paid ?? null,
        loss_amount: loss ?? null,
      }
    : undefined;
  return { place, outcome, problems };
}

function statusOf(text: string): OutcomeStatus | undefined {
  const word = text.toLowerCase();
  return OUTCOME_STATUSES.find((status) => status === word || STATUS_WORDS[status] === word);
}

function dateOf(text: string): CalendarDate | undefined {
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text) ?? [];
  return parseCalendarDate(year === undefined ? text : `${year}-${month ?? ''}-${day ?? ''}`);
}

/**
 * "1.234,56" as people write it, or "1234.56" as programs do; "1.500" may be a thousand and a half, or little more than one, and
 * is neither. Null is none; undefined is no amount.
 */
function amountOf(text: string): string | null | undefined {
  if (text === '') return null;
  const isGrouped = /^\d{1,3}(\.\d{3})+,\d{1,2}$/.test(text);
  const value = parseReais((isGrouped ? text.replaceAll('.', '') : text).replace(',', '.'));
  return value?.gte(0) === true && value.lt(new Decimal('1e9')) ? value.toFixed() : undefined;
}
