import { Decimal, flatMapInSteps, showPercent, type Steps } from '../../kernel';
import {
  inlineLists,
  isEligibilityTable,
  isLossTable,
  isLimitsTable,
  isPriceTable,
  type PolicyDocument,
  type PolicyTestCase,
  type PriceTable,
  type Rule,
  type Table,
} from './document';
import { fieldDefinition } from './fields';
import { Effort, gridOf, type Grid, type InlineLists } from './grid';
import { narrow } from './limits';
import { OFFER_COLUMNS } from './price-table';
import type { Product } from './product';
import { hiddenRows, RowPairs } from './row-pairs';
import { LATE_BIDDING_OFF, MARGIN_BELOW_MINIMUM, SNAPSHOT_TOO_OLD, unknownPlaceholders } from './rule';
import { comparisonsIn, type Comparison } from './rule-schema';
import { compareScalars, scalarOf } from './scalars';
import { sectionsOf, type Section } from './sections';

interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What makes a readable document unsound: parts that cannot all be meant. Any of these keeps it from being a policy. */
export function* findContradictions(document: PolicyDocument): Steps<readonly Contradiction[]> {
  const lists = inlineLists(document);
  const sections = sectionsOf(document);
  const effort = new Effort();
  const inSections = yield* flatMapInSteps(sections, function* (section) {
    const found = yield* inSection(section, lists, effort);
    return found.map(below(...section.at));
  });
  return [...inSections, ...inTestCases(document.test_cases, sections)];
}

function* inSection(section: Section, lists: InlineLists, effort: Effort): Steps<readonly Contradiction[]> {
  const inTables = yield* flatMapInSteps(section.tables, function* (table, index) {
    yield;
    const wrongColumns = inColumns(table);
    const found = wrongColumns.length > 0 ? wrongColumns : yield* inRows(table, gridOf(table, lists), effort);
    return [...inReason(table, section.product), ...found].map(below('tables', index));
  });
  return [
    ...section.rules.flatMap((rule, index) => inRule(rule, section.product).map(below('rules', index))),
    ...amongRules(section.rules),
    ...inTables,
    ...inLimits(section),
  ];
}

const below =
  (...base: readonly (string | number)[]) =>
  ({ path, message }: Contradiction): Contradiction => ({ path: [...base, ...path], message });

function inRule({ sentence, effective }: Rule, product: Product): readonly Contradiction[] {
  const found = [...inSentence(sentence, product)];
  const { from, until } = effective ?? {};
  if (from !== undefined && until !== undefined && from >= until) {
    found.push({
      path: ['effective'],
      message: 'a vigência está vazia: o fim exclusivo não é depois do início',
    });
  }
  return found;
}

function inReason(table: Table, product: Product): readonly Contradiction[] {
  return isEligibilityTable(table) ? inSentence(table.reason.sentence, product).map(below('reason')) : [];
}

function inSentence(sentence: string, product: Product): readonly Contradiction[] {
  return unknownPlaceholders(sentence, product).map((name) => ({
    path: ['sentence'],
    message: `{${name}} não é um campo, nem {observed}, nem {required}`,
  }));
}

/** Two rules that decline and that no value of their field can satisfy together: nothing would ever be accepted. */
function amongRules(rules: readonly Rule[]): readonly Contradiction[] {
  const demands = rules.flatMap((rule, index) => {
    if (rule.severity !== 'decline' || rule.effective !== undefined || 'any' in rule.require) return [];
    return comparisonsIn(rule.require).map((part) => ({ index, part }));
  });
  return demands.flatMap((b, at) =>
    demands.slice(0, at).flatMap((a) => {
      if (!excludeEachOther(a.part, b.part)) return [];
      const message = `contradiz a regra "${rules[a.index]?.id ?? ''}": nenhum valor satisfaz as duas`;
      return [{ path: ['rules', b.index, 'require'], message }];
    }),
  );
}

function excludeEachOther(a: Comparison, b: Comparison): boolean {
  if (a.field !== b.field) return false;
  const [x, y] = [interval(a), interval(b)];
  if (x === undefined || y === undefined) return false;
  return isBefore(x.high, y.low) || isBefore(y.high, x.low);
}

/** One end of the values a comparison admits; `open` when the end itself is not among them. */
interface End {
  readonly at: Parameters<typeof compareScalars>[0];
  readonly open: boolean;
}
interface Interval {
  readonly low: End | undefined;
  readonly high: End | undefined;
}

function isBefore(high: End | undefined, low: End | undefined): boolean {
  if (high === undefined || low === undefined) return false;
  const order = compareScalars(high.at, low.at);
  return order < 0 || (order === 0 && (high.open || low.open));
}

function interval({ field, op, value }: Comparison): Interval | undefined {
  if (typeof value === 'object') {
    if (op !== 'between' || Array.isArray(value) || !('from' in value)) return undefined;
    const end = (json: typeof value.from, open: boolean): End | undefined =>
      json === undefined ? undefined : { at: scalarOf(field, json), open };
    return { low: end(value.from, false), high: end(value.below, true) };
  }
  if (typeof value === 'boolean') return op === 'eq' ? point(value ? 1 : 0) : undefined;
  const at = scalarOf(field, value);
  switch (op) {
    case 'eq':
      return point(at);
    case 'lt':
    case 'lte':
      return { low: undefined, high: { at, open: op === 'lt' } };
    case 'gt':
    case 'gte':
      return { low: { at, open: op === 'gt' }, high: undefined };
    default:
      return undefined;
  }
}

const point = (at: End['at']): Interval => ({ low: { at, open: false }, high: { at, open: false } });

function inColumns(table: Table): readonly Contradiction[] {
  const found: Contradiction[] = [];
  table.columns.forEach((column, index) => {
    const { type, stage, personal } = fieldDefinition(column);
    const allowed =
      stage === 'request' || ((isPriceTable(table) || isLossTable(table)) && OFFER_COLUMNS.has(column));
    const message =
      type === 'code_list' || personal === true
        ? 'este campo não pode ser coluna de tabela'
        : 'este campo só se conhece depois do preço; não pode ser coluna desta tabela';
    if (!allowed || type === 'code_list' || personal === true)
      found.push({ path: ['columns', index], message });
  });
  if (isPriceTable(table)) {
    table.monotone.forEach(({ column }, index) => {
      const ordered = ['amount', 'rate', 'integer', 'date'].includes(fieldDefinition(column).type);
      if (ordered && table.columns.includes(column)) return;
      found.push({ path: ['monotone', index, 'column'], message: 'não é uma coluna ordenada desta tabela' });
    });
  }
  return found;
}

function* inRows(table: Table, grid: Grid, effort: Effort): Steps<readonly Contradiction[]> {
  const found = yield* table.hit === 'unique' ? overlapping(table, grid) : unreachable(grid, effort);
  return isPriceTable(table) ? [...found, ...(yield* notMonotone(table, grid))] : found;
}

const MAX_REPORTED = 100;

function* overlapping(table: Table, { rows }: Grid): Steps<readonly Contradiction[]> {
  const pairs = new RowPairs(rows);
  const found: Contradiction[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    yield;
    for (let earlier = 0; earlier < index && found.length < MAX_REPORTED; earlier += 1) {
      if (pairs.apartOn(index, earlier) !== 'nowhere') continue;
      const message = `sobrepõe-se à linha "${table.rows[earlier]?.id ?? ''}" numa tabela de acerto único`;
      found.push({ path: ['rows', index], message });
    }
  }
  return found;
}

/** What could not be looked at is not held against the table: `checkPolicy` says so. */
function* unreachable(grid: Grid, effort: Effort): Steps<readonly Contradiction[]> {
  const message = 'nunca é alcançada: as linhas acima a cobrem';
  const { hidden } = yield* hiddenRows(grid, effort);
  return hidden.map((index) => ({ path: ['rows', index], message }));
}

/** Pairs of rows that differ only along a declared column and whose rates go the wrong way. */
function* notMonotone(table: PriceTable, { axes, rows }: Grid): Steps<readonly Contradiction[]> {
  const pairs = new RowPairs(rows);
  const ranks = ranksOf(table.rows.map((row) => new Decimal(row.then.monthly_interest_rate)));
  const orders = axes.map((axis) => table.monotone.find(({ column }) => column === axis.column)?.rate);
  const found: Contradiction[] = [];
  for (let one = 0; one < rows.length && table.monotone.length > 0; one += 1) {
    yield;
    for (let other = 0; other < one && found.length < MAX_REPORTED; other += 1) {
      const axis = pairs.apartOn(one, other);
      const order = typeof axis === 'number' ? orders[axis] : undefined;
      if (typeof axis !== 'number' || order === undefined) continue;
      const low = pairs.lowerOn(axis, one, other);
      const high = low === one ? other : one;
      const climb = (ranks[high] ?? 0) - (ranks[low] ?? 0);
      if (order === 'not_falling' ? climb >= 0 : climb <= 0) continue;
      const said = { lower: table.rows[low], upper: table.rows[high] };
      const message = outOfOrder(said, fieldDefinition(axes[axis]?.column ?? 'margin').label, order);
      found.push({ path: ['rows', high, 'then', 'monthly_interest_rate'], message });
    }
  }
  return found;
}

/** Of each rate how many different ones are lower: thousands of pairs are compared by it. */
function ranksOf(rates: readonly Decimal[]): readonly number[] {
  const texts = rates.map((rate) => rate.toFixed());
  const rising = [...new Set(texts)].sort((a, b) => new Decimal(a).cmp(b));
  const ranks = new Map(rising.map((text, rank) => [text, rank]));
  return texts.map((text) => ranks.get(text) ?? 0);
}

type PriceRow = PriceTable['rows'][number];

function outOfOrder(
  { lower, upper }: { readonly lower: PriceRow | undefined; readonly upper: PriceRow | undefined },
  label: string,
  order: 'not_falling' | 'not_rising',
): string {
  const rateOf = (row: PriceRow | undefined): string =>
    `${showPercent(new Decimal(row?.then.monthly_interest_rate ?? 0))} da linha "${row?.id ?? ''}"`;
  const [verb, side] = order === 'not_falling' ? ['cair', 'menor'] : ['subir', 'maior'];
  return `a taxa de ${rateOf(upper)} é ${side} que a de ${rateOf(lower)}, e a tabela diz que ela não pode ${verb} com o campo ${label}`;
}

function inLimits({ tables, limits, prices, losses }: Section): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const ranges = [limits, ...prices.map((price) => price.limits)];
  const used = [...prices.map((price) => price.table), ...ranges.map(({ table }) => table), ...losses];
  tables.forEach((table, index) => {
    if (!used.includes(table.id) && !isEligibilityTable(table))
      found.push({ path: ['tables', index], message: 'nenhuma seção usa esta tabela' });
    if (!isLimitsTable(table)) return;
    for (const section of new Set(ranges.filter((one) => one.table === table.id))) {
      table.rows.forEach((row, at) => {
        const { amount, installments } = narrow(section, row);
        if (amount.min.lte(amount.max) && installments.min <= installments.max) return;
        const message = 'com os limites da seção, esta linha não deixa nenhum valor ou prazo possível';
        found.push({ path: ['tables', index, 'rows', at, 'then'], message });
      });
    }
  });
  return found;
}

function inTestCases(
  cases: readonly PolicyTestCase[],
  sections: readonly Section[],
): readonly Contradiction[] {
  const names = new Map(cases.map((one) => [one.name, one]));
  return cases.flatMap((one, index) => {
    const section = sections.find(({ product }) => product === (one.product ?? 'private_payroll'));
    const found =
      section === undefined
        ? [{ path: ['product'], message: 'a política não tem uma seção para este produto' }]
        : inTestCase(one, section, names);
    return found.map(below('test_cases', index));
  });
}

/** Codes that a product's decisions may carry without a rule of the document. */
const CODES_OF: Readonly<Record<Product, readonly string[]>> = {
  private_payroll: [MARGIN_BELOW_MINIMUM, LATE_BIDDING_OFF],
  fgts: [SNAPSHOT_TOO_OLD],
  federal_payroll: [MARGIN_BELOW_MINIMUM, SNAPSHOT_TOO_OLD],
};

function inTestCase(
  { product, like, window, expect }: PolicyTestCase,
  section: Section,
  names: ReadonlyMap<string, PolicyTestCase>,
): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const codes = new Set([
    ...CODES_OF[section.product],
    ...section.rules.map((rule) => rule.code),
    ...section.tables.flatMap((table) => [
      table.no_match.code,
      ...(isEligibilityTable(table) ? [table.reason.code] : []),
    ]),
  ]);
  const rows = new Set(section.tables.flatMap((table) => table.rows.map((row) => row.id)));
  if (like !== undefined && !endsWell(like, names)) {
    found.push({ path: ['like'], message: 'não há caso com este nome, ou os casos se referem em círculo' });
  } else if (like !== undefined && names.get(like)?.product !== product) {
    found.push({ path: ['like'], message: 'o caso de que este parte é de outro produto' });
  }
  if (window === 'late' && product !== undefined) {
    found.push({ path: ['window'], message: 'só um leilão tem um limite que possa ter passado' });
  }
  expect.reasons.forEach((code, at) => {
    if (codes.has(code) || code.startsWith('DATA_MISSING:')) return;
    found.push({ path: ['expect', 'reasons', at], message: 'nenhuma regra ou tabela dá este motivo' });
  });
  if (expect.row !== undefined && !rows.has(expect.row)) {
    found.push({ path: ['expect', 'row'], message: 'nenhuma tabela tem esta linha' });
  }
  if (expect.fee_table !== undefined && !section.prices.some(({ id }) => id === expect.fee_table)) {
    found.push({ path: ['expect', 'fee_table'], message: 'o produto não tem esta tabela de tarifas' });
  }
  return found;
}

/** True when following `like` from case to case comes to an end. */
function endsWell(name: string, names: ReadonlyMap<string, PolicyTestCase>): boolean {
  let next: string | undefined = name;
  for (let steps = 0; steps <= names.size; steps += 1) {
    const found = names.get(next);
    if (found === undefined) return false;
    if (found.like === undefined) return true;
    next = found.like;
  }
  return false;
}
