import type { Examination } from '../../api/client';
import { percent } from '../../format/format';

export type RowCost = Examination['costs'][number];

/** What a row of prices costs, beside it: not part of the document, worked out from its economics. */
export const COST_COLUMNS = [
  ['Equilíbrio', 'menor taxa sem perda'],
  ['Acima dele', 'da taxa da linha'],
] as const;
export const COST_WIDTH = 112;

export function RowCostCells({ cost, from }: { readonly cost: RowCost | undefined; readonly from: number }) {
  const margin = cost?.margin_rate;
  const isUnder = cost !== undefined && (margin == null || margin.startsWith('-'));
  const texts = [
    cost === undefined ? '–' : cost.break_even_rate === null ? 'nenhuma' : percent(cost.break_even_rate),
    margin == null ? '–' : percent(margin),
  ];
  return texts.map((text, at) => (
    <td
      key={COST_COLUMNS[at]?.[0]}
      role="gridcell"
      aria-readonly
      aria-colindex={from + at + 1}
      data-part="cost"
      style={{ color: isUnder ? 'var(--mantine-color-red-text)' : 'var(--mantine-color-dimmed)' }}
    >
      {text}
    </td>
  ));
}
