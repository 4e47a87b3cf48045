import { Decimal, showPercent, type CalendarDate } from '../../kernel';
import { showRange, type Scalar } from './display';
import {
  comparisonsIn,
  inlineLists,
  isPriceTable,
  type PolicyDocument,
  type PriceTable,
  type Rule,
} from './document';
import { fieldDefinition, type FieldName } from './fields';
import { cellsIn, gridOf, subtract, type Grid, type Region } from './grid';
import type { Policy } from './policy';
import { OFFER_COLUMNS } from './price-table';
import { capOn, type ReferenceData } from './reference-data';

/** An `error` keeps a policy from being activated; a `warning` is for its reviewer to weigh. */
export interface PolicyFinding {
  readonly severity: 'error' | 'warning';
  readonly path: string;
  /** In Portuguese. */
  readonly message: string;
}

/** What a sound policy may still have wrong on a given day: codes nobody knows, limits of law, holes in its prices. */
export function checkPolicy(
  policy: Policy,
  reference: ReferenceData,
  on: CalendarDate,
): readonly PolicyFinding[] {
  return [
    ...checkCodes(policy, reference),
    ...checkCaps(policy, reference, on),
    ...policy.tables.filter(isPriceTable).flatMap((table) => checkGaps(policy, table)),
    ...checkDates(policy.rules, on),
    ...checkExpressions(policy.rules),
  ];
}

function checkCodes(policy: PolicyDocument, reference: ReferenceData): readonly PolicyFinding[] {
  const inRules = policy.rules.flatMap(({ id, require }) =>
    comparisonsIn(require).flatMap(({ field, value }) =>
      Array.isArray(value) ? [{ path: `rules[${id}].require`, field, codes: value.map(String) }] : [],
    ),
  );
  const inLists = policy.lists.flatMap((list) =>
    'entries' in list ? [{ path: `lists[${list.name}]`, field: list.of, codes: list.entries }] : [],
  );
  return [...inRules, ...inLists].flatMap(({ path, field, codes }) => {
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
  });
}

function checkCaps(
  policy: PolicyDocument,
  reference: ReferenceData,
  on: CalendarDate,
): readonly PolicyFinding[] {
  const found: PolicyFinding[] = [];
  const rateCap = capOn(reference.rateCaps, on)?.maximum;
  for (const table of policy.tables.filter(isPriceTable)) {
    for (const row of table.rows) {
      const rate = new Decimal(row.then.monthly_interest_rate);
      if (rateCap === undefined || rate.lte(rateCap)) continue;
      const message = `a taxa de ${showPercent(rate)} passa do teto legal de ${showPercent(rateCap)} ao mês`;
      found.push({ severity: 'error', path: `tables[${table.id}].rows[${row.id}].then`, message });
    }
  }
  const termCap = capOn(reference.termCaps, on)?.maximum;
  const late = policy.late_bidding;
  const terms = [
    { path: 'limits.installments.maximum', maximum: policy.limits.installments.maximum },
    ...(late.enabled
      ? [{ path: 'late_bidding.limits.installments.maximum', maximum: late.limits.installments.maximum }]
      : []),
  ];
  for (const { path, maximum } of terms) {
    if (termCap === undefined || maximum <= termCap) continue;
    const message = `o prazo de ${String(maximum)} parcelas passa do teto legal de ${String(termCap)}`;
    found.push({ severity: 'error', path, message });
  }
  return found;
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

const MAX_GAPS = 20;
/** A table so irregular that its holes are thousands of pieces is reported as such, not searched for minutes. */
const MAX_PIECES = 20_000;
const ONE_CENT = new Decimal('0.01');

/** Requests and offers within the limits for which the table has no price. */
function checkGaps(policy: PolicyDocument, table: PriceTable): readonly PolicyFinding[] {
  const path = `tables[${table.id}]`;
  const late = policy.late_bidding;
  const limits = late.enabled && late.table === table.id ? late.limits : policy.limits;
  const bounds = new Map<FieldName, readonly [from: Scalar, below?: Scalar]>([
    [
      'offered_amount',
      [new Decimal(limits.amount.minimum), new Decimal(limits.amount.maximum).plus(ONE_CENT)],
    ],
    ['offered_installments', [limits.installments.minimum, limits.installments.maximum + 1]],
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
  let left: readonly Region[] = [domain];
  for (const row of grid.rows) {
    left = left.flatMap((region) => subtract(region, row));
    if (left.length > MAX_PIECES) {
      const message = 'a tabela é irregular demais para se listarem os pedidos sem preço';
      return [{ severity: 'warning', path, message }];
    }
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
