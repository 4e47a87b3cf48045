import { SimpleGrid } from '@mantine/core';
import type { WinCurves } from '../../api/client';
import { count, percent, reais } from '../../format/format';
import { FigureTable, type FigureColumn } from '../../parts/figure-table';
import { Empty } from '../../parts/states';
import { FigureCell } from '../results/figure';
import type { Band } from './rate-bands';

type Rank = WinCurves['by_rank'][number];

const COLUMNS: readonly FigureColumn<Band | Rank>[] = [
  { label: 'Ganhos', cell: ({ won }) => count(won) },
  {
    label: 'Primeira parcela paga',
    cell: ({ first_paid: figure }) => <FigureCell measure="first_paid" figure={figure} />,
  },
  { label: 'Terminados', cell: ({ ended }) => count(ended) },
  { label: 'Perda esperada deles', cell: ({ expected_loss: loss }) => reais(loss) },
  { label: 'Perda informada', cell: ({ told_loss: loss }) => reais(loss) },
];

/** What became of what was won, by our rate and by our place among the partners. */
export function WinnersCurse({
  bands,
  byRank,
}: {
  readonly bands: readonly Band[];
  readonly byRank: readonly Rank[];
}) {
  if (byRank.length === 0) return <Empty title="Nada ganho no período">Aumente o período.</Empty>;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <FigureTable
        label="Maldição do vencedor por taxa"
        head="Taxa desde"
        rows={bands.filter(({ won }) => won > 0)}
        nameOf={({ rate }) => `${percent(rate)} a.m.`}
        columns={COLUMNS}
        minWidth={560}
      />
      <FigureTable
        label="Maldição do vencedor por posição"
        head="Posição (todos os segmentos)"
        rows={byRank}
        nameOf={({ rank }) => (rank === null ? 'não informada' : `${count(rank)}º lugar`)}
        columns={COLUMNS}
        minWidth={560}
      />
    </SimpleGrid>
  );
}
