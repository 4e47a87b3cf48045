import { Decimal, showPercent, type CalendarDate } from '../../kernel';
import type { PolicyFinding } from './policy-finding';
import { inlineLists, isLossTable, isPriceTable, type PolicyDocument, type PriceTable } from './document';
import { fieldDefinition } from './fields';
import { cellsOf, learningColumns, learningGrid, MOST_LEARNING_CELLS, type Mandate } from './learning-grid';
import { strangeFeature } from './learning-schema';
import { isWithinCap, capsOn, type LegalCaps } from './reference-data';

const ONE_BP = new Decimal('0.0001');

/** What keeps rates from being learnt as a mandate says, as far as the document alone tells. */
export function checkLearning(
  policy: PolicyDocument,
  caps: LegalCaps,
  on: CalendarDate,
): readonly PolicyFinding[] {
  const { learning } = policy;
  const table = policy.tables.filter(isPriceTable).find(({ id }) => id === policy.pricing.table);
  if (learning?.enabled !== true || table === undefined) return [];
  return [
    ...checkColumns(policy, learning, table),
    ...checkSize(policy, learning),
    ...checkNames(learning, table),
    ...checkRates(table),
    ...checkBands(learning, table, caps, on),
  ];
}

function checkColumns(policy: PolicyDocument, mandate: Mandate, table: PriceTable): readonly PolicyFinding[] {
  const found = table.columns.flatMap((column) => {
    const problem = strangeFeature(column, mandate.use_age);
    return problem === undefined ? [] : [error(`tables[${table.id}].columns`, problem)];
  });
  if (policy.economics === undefined)
    return [...found, error('learning', 'sem a seção economics não há margem a aprender: preencha-a')];
  const columns = new Set(learningColumns(policy, mandate));
  const asked = new Set(policy.economics.inputs.map(({ losses }) => losses));
  const strange = policy.tables
    .filter(isLossTable)
    .flatMap(({ id, columns: own }) =>
      asked.has(id)
        ? own
            .filter((column) => !columns.has(column))
            .map((column) =>
              error(
                `tables[${id}].columns`,
                `a perda muda com ${fieldDefinition(column).label}, que não distingue as taxas: ponha o campo em learning.features ou na tabela de preços`,
              ),
            )
        : [],
    );
  return [...found, ...strange];
}

function checkSize(policy: PolicyDocument, mandate: Mandate): readonly PolicyFinding[] {
  const cells = cellsOf(learningGrid(policy, mandate, inlineLists(policy)));
  if (cells <= MOST_LEARNING_CELLS) return [];
  const message = `as faixas fazem ${String(cells)} células; para aprender, são no máximo ${String(MOST_LEARNING_CELLS)}`;
  return [error('learning.features', message)];
}

function checkNames({ rows = [], bands }: Mandate, table: PriceTable): readonly PolicyFinding[] {
  const known = new Set(table.rows.map(({ id }) => id));
  const may = new Set(rows);
  return [
    ...rows.filter((row) => !known.has(row)).map((row) => error(`learning.rows[${row}]`, noRow(table, row))),
    ...bands.flatMap(({ row }) => {
      if (!known.has(row)) return [error(`learning.bands[${row}]`, noRow(table, row))];
      const message = `a linha ${row} tem faixa, mas não está entre as que podem aprender`;
      return may.size > 0 && !may.has(row) ? [error(`learning.bands[${row}]`, message)] : [];
    }),
  ];
}

const noRow = (table: PriceTable, row: string): string => `a tabela ${table.id} não tem a linha ${row}`;

/** Of the rows that may not learn too: a version has every cell's rate, and what becomes of every bid is kept in whole bp. */
function checkRates(table: PriceTable): readonly PolicyFinding[] {
  return table.rows.flatMap(({ id, then }) => {
    const rate = new Decimal(then.monthly_interest_rate);
    if (rate.mod(ONE_BP).isZero()) return [];
    const message = `a linha ${id} tem a taxa ${showPercent(rate)}: para aprender, as taxas vão de 0,01 em 0,01 ponto`;
    return [error(`tables[${table.id}].rows[${id}].then`, message)];
  });
}

function checkBands(
  { bands, rails, rows }: Mandate,
  table: PriceTable,
  caps: LegalCaps,
  on: CalendarDate,
): readonly PolicyFinding[] {
  const cap = capsOn(caps, on).rate;
  const own = new Map(bands.map((band) => [band.row, band]));
  return table.rows.flatMap(({ id, then }) => {
    if (rows !== undefined && !rows.includes(id)) return [];
    const reference = new Decimal(then.monthly_interest_rate);
    const band = own.get(id);
    const floor =
      band === undefined ? reference.minus(ONE_BP.times(rails.below_bp)) : new Decimal(band.floor);
    const ceiling =
      band === undefined ? reference.plus(ONE_BP.times(rails.above_bp)) : new Decimal(band.ceiling);
    const path = band === undefined ? `learning.rails` : `learning.bands[${id}]`;
    const found: PolicyFinding[] = [];
    if (floor.gt(reference) || ceiling.lt(reference)) {
      const span = `${showPercent(floor)} a ${showPercent(ceiling)}`;
      found.push(
        error(path, `a taxa da linha ${id}, ${showPercent(reference)}, fica fora da sua faixa, ${span}`),
      );
    }
    if (cap !== undefined && !isWithinCap(ceiling, cap))
      found.push(
        error(
          path,
          `o teto da linha ${id}, ${showPercent(ceiling)}, passa do teto legal de ${showPercent(cap.maximum)}`,
        ),
      );
    return found;
  });
}

function error(path: string, message: string): PolicyFinding {
  return { severity: 'error', path, message };
}
