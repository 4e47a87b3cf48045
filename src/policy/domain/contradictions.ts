import { Decimal } from '../../kernel';
import {
  comparisonsIn,
  inlineLists,
  isLimitsTable,
  isPriceTable,
  type Comparison,
  type PolicyDocument,
  type PolicyTestCase,
  type PriceTable,
  type Rule,
  type Table,
} from './document';
import { fieldDefinition } from './fields';
import { gridOf, intersect, subtract, type Grid, type Region } from './grid';
import { narrow } from './limits';
import { OFFER_COLUMNS } from './price-table';
import { LATE_BIDDING_OFF, MARGIN_BELOW_MINIMUM, unknownPlaceholders } from './rule';
import { compareScalars, scalarOf } from './scalars';

interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What makes a readable document unsound: parts that cannot all be meant. Any of these keeps it from being a policy. */
export function findContradictions(document: PolicyDocument): readonly Contradiction[] {
  const lists = inlineLists(document);
  return [
    ...document.rules.flatMap((rule, index) => inRule(rule).map(below('rules', index))),
    ...amongRules(document.rules),
    ...document.tables.flatMap((table, index) => {
      const wrongColumns = inColumns(table);
      const found = wrongColumns.length > 0 ? wrongColumns : inRows(table, gridOf(table, lists));
      return found.map(below('tables', index));
    }),
    ...inLimits(document),
    ...inTestCases(document),
  ];
}

const below =
  (...base: readonly (string | number)[]) =>
  ({ path, message }: Contradiction): Contradiction => ({ path: [...base, ...path], message });

function inRule({ sentence, effective }: Rule): readonly Contradiction[] {
  const found = unknownPlaceholders(sentence).map((name) => ({
    path: ['sentence'],
    message: `{${name}} não é um campo, nem {observed}, nem {required}`,
  }));
  const { from, until } = effective ?? {};
  if (from !== undefined && until !== undefined && from >= until) {
    found.push({
      path: ['effective'],
      message: 'a vigência está vazia: o fim exclusivo não é depois do início',
    });
  }
  return found;
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
    const allowed = stage === 'request' || (isPriceTable(table) && OFFER_COLUMNS.has(column));
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

function inRows(table: Table, grid: Grid): readonly Contradiction[] {
  const found = table.hit === 'unique' ? overlapping(table, grid) : unreachable(grid);
  return isPriceTable(table) ? [...found, ...notMonotone(table, grid)] : found;
}

const MAX_REPORTED = 100;

function overlapping(table: Table, { rows }: Grid): readonly Contradiction[] {
  const found: Contradiction[] = [];
  for (const [index, row] of rows.entries()) {
    for (let earlier = 0; earlier < index && found.length < MAX_REPORTED; earlier += 1) {
      if (intersect(row, rows[earlier] ?? []) === undefined) continue;
      const message = `sobrepõe-se à linha "${table.rows[earlier]?.id ?? ''}" numa tabela de acerto único`;
      found.push({ path: ['rows', index], message });
    }
  }
  return found;
}

function unreachable({ rows }: Grid): readonly Contradiction[] {
  return rows.flatMap((row, index) => {
    let left: readonly Region[] = [row];
    for (const earlier of rows.slice(0, index)) left = left.flatMap((region) => subtract(region, earlier));
    return left.length > 0
      ? []
      : [{ path: ['rows', index], message: 'nunca é alcançada: as linhas acima a cobrem' }];
  });
}

/** Pairs of rows that differ only along a declared column and whose rates go the wrong way. */
function notMonotone(table: PriceTable, grid: Grid): readonly Contradiction[] {
  const rates = table.rows.map((row) => new Decimal(row.then.monthly_interest_rate));
  const found: Contradiction[] = [];
  for (const { column, rate } of table.monotone) {
    const axis = grid.axes.findIndex((one) => one.column === column);
    const wrongWay = rate === 'not_falling' ? 1 : -1;
    for (const [low, a] of grid.rows.entries()) {
      for (const [high, b] of grid.rows.entries()) {
        if (found.length >= MAX_REPORTED || !isBelow(a, b, axis)) continue;
        if ((rates[low]?.cmp(rates[high] ?? 0) ?? 0) !== wrongWay) continue;
        const verb = rate === 'not_falling' ? 'cai' : 'sobe';
        const message = `a taxa ${verb} em relação à linha "${table.rows[low]?.id ?? ''}" ao longo de ${column}`;
        found.push({ path: ['rows', high, 'then', 'monthly_interest_rate'], message });
      }
    }
  }
  return found;
}

/** True when `a` lies wholly below `b` along one axis and meets it in all others. */
function isBelow(a: Region, b: Region, axis: number): boolean {
  return a.every((mask, at) => {
    const other = b[at] ?? 0n;
    return at === axis ? mask < (other & -other) : (mask & other) !== 0n;
  });
}

function inLimits(document: PolicyDocument): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const late = document.late_bidding;
  const used = [document.pricing.table, document.limits.table];
  if (late.enabled) used.push(late.table, late.limits.table);
  const sections = late.enabled ? [document.limits, late.limits] : [document.limits];
  document.tables.forEach((table, index) => {
    if (!used.includes(table.id))
      found.push({ path: ['tables', index], message: 'nenhuma seção usa esta tabela' });
    if (!isLimitsTable(table)) return;
    for (const section of sections.filter((one) => one.table === table.id)) {
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

function inTestCases(document: PolicyDocument): readonly Contradiction[] {
  const names = new Map(document.test_cases.map((one) => [one.name, one]));
  const codes = new Set([
    MARGIN_BELOW_MINIMUM,
    LATE_BIDDING_OFF,
    ...document.rules.map((rule) => rule.code),
    ...document.tables.map((table) => table.no_match.code),
  ]);
  const rows = new Set(document.tables.flatMap((table) => table.rows.map((row) => row.id)));
  return document.test_cases.flatMap(({ like, expect }, index) => {
    const found: Contradiction[] = [];
    if (like !== undefined && !endsWell(like, names)) {
      found.push({ path: ['like'], message: 'não há caso com este nome, ou os casos se referem em círculo' });
    }
    expect.reasons.forEach((code, at) => {
      if (codes.has(code) || code.startsWith('DATA_MISSING:')) return;
      found.push({ path: ['expect', 'reasons', at], message: 'nenhuma regra ou tabela dá este motivo' });
    });
    if (expect.row !== undefined && !rows.has(expect.row)) {
      found.push({ path: ['expect', 'row'], message: 'nenhuma tabela tem esta linha' });
    }
    return found.map(below('test_cases', index));
  });
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
