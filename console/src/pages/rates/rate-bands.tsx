import type { WinCurves } from '../../api/client';
import { count, percent, reais, share } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { FigureCell } from '../results/figure';
import { points } from './segments';

export type Band = WinCurves['segments'][number]['bands'][number];

/** Each band of our rate: how often it wins, where we stood, and what a bid there is worth. */
export function RateBands({ bands }: { readonly bands: readonly Band[] }) {
  return (
    <FigureTable
      label="Faixas de taxa"
      head="Taxa desde"
      rows={bands}
      nameOf={({ rate }) => `${percent(rate)} a.m.`}
      columns={[
        {
          label: 'Ganhos dos que a QI respondeu',
          cell: ({ answered: { won, lost } }) => `${count(won)} de ${count(won + lost)}`,
        },
        {
          label: 'Parcela ganha',
          cell: ({ win_rate: figure }) => <FigureCell measure="win_rate" figure={figure} />,
        },
        { label: 'Suavizada', cell: ({ smoothed }) => share(smoothed, 1) },
        {
          label: 'Segundos entre os perdidos',
          cell: ({ second_share: figure }) => <FigureCell measure="second_share" figure={figure} />,
        },
        {
          label: 'Rival acima, quando ganhamos',
          cell: ({ next_rival: rival }) => points(rival?.above_when_won),
        },
        { label: 'Margem esperada de um lance', cell: ({ margin_per_bid: margin }) => reais(margin) },
        {
          label: 'Margem esperada',
          cell: ({ expected_margin: figure }) => <FigureCell measure="expected_margin" figure={figure} />,
        },
        {
          label: 'Margem realizada',
          cell: ({ realised_margin: figure }) => <FigureCell measure="realised_margin" figure={figure} />,
        },
      ]}
      minWidth={1000}
    />
  );
}
