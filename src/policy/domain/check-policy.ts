import {
  CENT,
  Decimal,
  flatMapInSteps,
  showDate,
  showPercent,
  type CalendarDate,
  type Steps,
} from '../../kernel';
import { checkLearning } from './check-learning';
import { showRange, type Scalar } from './display';
import { inlineLists, type PolicyDocument, type PriceTable, type Rule, type Table } from './document';
import { fieldDefinition, termField, type FieldName } from './fields';
import { cellsIn, Effort, gridOf, without, type Grid, type Region } from './grid';
import type { Policy } from './policy';
import type { PolicyFinding } from './policy-finding';
import { OFFER_COLUMNS } from './price-table';
import { capsOn, isWithinCap, type LegalCaps, type ReferenceData } from './reference-data';
import { hiddenRows } from './row-pairs';
import { comparisonsIn } from './rule-schema';
import { prefixOf, priceTablesOf, sectionsOf, type Section } from './sections';

/** What a sound policy may still have wrong on a given day: codes nobody knows, limits of law, holes in its prices. */
export function* checkPolicy(
  policy: Policy,
  reference: ReferenceData,
  on: CalendarDate,
): Steps<readonly PolicyFinding[]> {
  const [hiding, pricing] = [new Effort(), new Effort(MOST_COMPARED_FOR_GAPS)];
  const inSections = yield* flatMapInSteps(sectionsOf(policy), function* (section) {
    const hidden = yield* flatMapInSteps(section.tables, (table) => checkHiding(policy, table, hiding));
    const gaps = yield* flatMapInSteps(priceTablesOf(section), (table) =>
      checkGaps(policy, section, table, pricing),
    );
    return [
      ...checkCodes(section, reference),
      ...checkCaps(section, reference.caps[section.product], on),
      ...checkFreePrices(section),
      ...hidden,
      ...gaps,
      ...checkDates(section.rules, on),
      ...checkExpressions(section.rules),
    ].map((finding) => ({ ...finding, path: `${prefixOf(section)}${finding.path}` }));
  });
  return [
    ...checkLists(policy, reference),
    ...checkEconomics(policy, on),
    ...checkLearning(policy, reference.caps.private_payroll, on),
    ...inSections,
  ];
}

/** Entries that all begin later leave the bids of the day without a margin. */
function checkEconomics({ economics }: PolicyDocument, on: CalendarDate): readonly PolicyFinding[] {
  const first = economics?.inputs[0]?.from;
  if (first === undefined || first <= on) return [];
  const message = `a primeira vigência começa em ${showDate(first)}: até lá os lances ficam sem margem calculada`;
  return [{ severity: 'warning', path: 'economics.inputs', message }];
}

function checkCodes({ rules }: Section, reference: ReferenceData): readonly PolicyFinding[] {
  return rules.flatMap(({ id, require }) =>
    comparisonsIn(require).flatMap(({ field, value }) =>
      Array.isArray(value) ? checkValues(`rules[${id}].require`, field, value.map(String), reference) : [],
    ),
  );
}

function checkLists({ lists }: PolicyDocument, reference: ReferenceData): readonly PolicyFinding[] {
  return lists.flatMap((list) =>
    'entries' in list ? checkValues(`lists[${list.name}]`, list.of, list.entries, reference) : [],
  );
}

function checkValues(
  path: string,
  field: FieldName,
  codes: readonly string[],
  reference: ReferenceData,
): readonly PolicyFinding[] {
  const table = fieldDefinition(field).eSocialTable;
  if (table === undefined) return [];
  return codes.flatMap((code): readonly PolicyFinding[] => {
    const known = reference.eSocial[table].get(code);
    if (known === undefined)
      return [{ severity: 'error', path, message: `o código ${code} não existe no eSocial` }];
    if (known.ended === undefined) return [];
    const since = known.ended === 'unknown' ? '' : ` desde ${known.ended}`;
    return [
      { severity: 'warning', path, message: `o código ${code} (${known.name}) está encerrado${since}` },
    ];
  });
}

function checkCaps(section: Section, caps: LegalCaps, on: CalendarDate): readonly PolicyFinding[] {
  const { rate: rateCap, installments: termCap } = capsOn(caps, on);
  const found: PolicyFinding[] = [];
  for (const table of priceTablesOf(section)) {
    for (const row of table.rows) {
      const rate = new Decimal(row.then.monthly_interest_rate);
      if (rateCap === undefined || isWithinCap(rate, rateCap)) continue;
      const verb = rateCap.exclusive ? 'não fica abaixo' : 'passa';
      const message = `a taxa de ${showPercent(rate)} da linha "${row.id}" ${verb} do teto legal de ${showPercent(rateCap.maximum)} ao mês`;
      found.push({ severity: 'error', path: `tables[${table.id}].rows[${row.id}].then`, message });
    }
  }
  const unit = fieldDefinition(termField(section.product)).unit?.[1] ?? '';
  for (const { path, maximum } of longestTerms(section)) {
    if (termCap === undefined || maximum <= termCap) continue;
    const message = `o prazo de ${String(maximum)} ${unit} passa do teto legal de ${String(termCap)}`;
    found.push({ severity: 'error', path, message });
  }
  return found;
}

function longestTerms({ limits, prices }: Section) {
  const late = prices.find((price) => price.limits !== limits)?.limits;
  const terms = [{ path: 'limits.installments.maximum', maximum: limits.installments.maximum }];
  if (late === undefined) return terms;
  return [...terms, { path: 'late_bidding.limits.installments.maximum', maximum: late.installments.maximum }];
}

/** What a price may be, and hardly is: a spreadsheet says 0 of what it has not calculated. */
function checkFreePrices(section: Section): readonly PolicyFinding[] {
  return priceTablesOf(section).flatMap((table) =>
    table.rows.flatMap(({ id, then }): readonly PolicyFinding[] => {
      const rate = new Decimal(then.monthly_interest_rate);
      if (!rate.isZero()) return [];
      const message = `a taxa da linha "${id}" é ${showPercent(rate)} ao mês: os empréstimos saem sem juros`;
      return [{ severity: 'warning', path: `tables[${table.id}].rows[${id}].then`, message }];
    }),
  );
}

function checkDates(rules: readonly Rule[], on: CalendarDate): readonly PolicyFinding[] {
  return rules.flatMap(({ id, effective }): readonly PolicyFinding[] => {
    if (effective?.until === undefined || effective.until > on) return [];
    return [
      { severity: 'warning', path: `rules[${id}].effective`, message: 'a vigência da regra já terminou' },
    ];
  });
}

/** What no static check can look into, a person must. */
function checkExpressions(rules: readonly Rule[]): readonly PolicyFinding[] {
  return rules.flatMap(({ id, require }): readonly PolicyFinding[] => {
    if (!('cel' in require)) return [];
    const message = `regra escrita em CEL, que só quem aprova pode conferir: ${require.cel}`;
    return [{ severity: 'warning', path: `rules[${id}].require.cel`, message }];
  });
}

/** A row that is hidden makes a document unsound; of a table too irregular to tell, the reviewer hears. */
function* checkHiding(policy: PolicyDocument, table: Table, effort: Effort): Steps<readonly PolicyFinding[]> {
  if (table.hit === 'unique') return [];
  const { isWhole } = yield* hiddenRows(gridOf(table, inlineLists(policy)), effort);
  if (isWhole) return [];
  const message = 'a tabela é irregular demais para se ver por inteiro se há linhas que nunca são alcançadas';
  return [{ severity: 'warning', path: `tables[${table.id}]`, message }];
}

const MAX_GAPS = 20;
/** Of a table of two thousand rows in three columns the gaps are still found. */
const MOST_COMPARED_FOR_GAPS = 1_000_000;

/** Requests and offers within the limits for which the table has no price. */
function* checkGaps(
  policy: PolicyDocument,
  section: Section,
  table: PriceTable,
  effort: Effort,
): Steps<readonly PolicyFinding[]> {
  const path = `tables[${table.id}]`;
  // A table that prices late bids as well has the limits of those: they come last.
  const limits = section.prices.findLast((price) => price.table === table.id)?.limits ?? section.limits;
  const bounds = new Map<FieldName, readonly [from: Scalar, below?: Scalar]>([
    ['offered_amount', [new Decimal(limits.amount.minimum), new Decimal(limits.amount.maximum).plus(CENT)]],
    [termField(section.product), [limits.installments.minimum, limits.installments.maximum + 1]],
  ]);
  for (const column of table.columns) {
    const { type } = fieldDefinition(column);
    if (OFFER_COLUMNS.has(column)) continue;
    if (type === 'integer') bounds.set(column, [0]);
    if (type === 'amount' || type === 'rate') bounds.set(column, [new Decimal(0)]);
  }
  const cuts = new Map(
    [...bounds].map(([column, ends]) => [column, ends.filter((end) => end !== undefined)]),
  );
  const grid = gridOf(table, inlineLists(policy), cuts);
  const domain = grid.axes.map((axis) => {
    const range = bounds.get(axis.column);
    if (range === undefined) return axis.maskOf('any');
    const [from, below] = range;
    const end = below === undefined ? axis.cellCount : axis.cellOf(below);
    return (1n << BigInt(end)) - (1n << BigInt(axis.cellOf(from)));
  });
  const left = yield* without(domain, grid.rows, effort);
  if (left === undefined) {
    const message = 'a tabela é irregular demais para se listarem os pedidos sem preço';
    return [{ severity: 'warning', path, message }];
  }
  const found = left.slice(0, MAX_GAPS).map((region): PolicyFinding => ({
    severity: 'warning',
    path,
    message: `sem preço: ${describeRegion(grid, region)}`,
  }));
  if (left.length <= MAX_GAPS) return found;
  const rest = `e mais ${String(left.length - MAX_GAPS)} faixas sem preço`;
  return [...found, { severity: 'warning', path, message: rest }];
}

function describeRegion(grid: Grid, region: Region): string {
  return grid.axes
    .map((axis, at) => {
      const cells = cellsIn(region[at] ?? 0n);
      const [first = 0, last = first] = [cells[0], cells.at(-1)];
      const { label } = fieldDefinition(axis.column);
      if (cells.length === axis.cellCount) return `${label}: qualquer valor`;
      const isOneRun = last - first + 1 === cells.length;
      const isRange = axis.boundsOf(first).from !== undefined || axis.boundsOf(last).below !== undefined;
      const words =
        isOneRun && isRange
          ? showRange(axis.column, axis.boundsOf(first).from, axis.boundsOf(last).below)
          : cells.map((cell) => axis.wordsFor(cell)).join(', ');
      return `${label}: ${words}`;
    })
    .join('; ');
}
