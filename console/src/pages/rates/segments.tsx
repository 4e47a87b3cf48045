import { Button } from '@mantine/core';
import type { WinCurves } from '../../api/client';
import { count, decimal } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { FigureCell } from '../results/figure';

export type Segment = WinCurves['segments'][number];

/** Of each segment how often we win, at what rate, and how far the cheapest rival is. */
export function Segments({
  segments,
  nameOf,
  shown,
  onChoose,
}: {
  readonly segments: readonly Segment[];
  readonly nameOf: (segment: Segment) => string;
  readonly shown: Segment | undefined;
  readonly onChoose: (key: string | undefined) => void;
}) {
  return (
    <FigureTable
      label="Onde estamos"
      head="Segmento"
      rows={segments}
      nameOf={nameOf}
      columns={[
        { label: 'Terminados', cell: ({ won, lost }) => count(won + lost) },
        {
          label: 'Parcela ganha',
          cell: ({ win_rate: figure }) => <FigureCell measure="win_rate" figure={figure} />,
        },
        {
          label: 'Segundos entre os perdidos',
          cell: ({ second_share: figure }) => <FigureCell measure="second_share" figure={figure} />,
        },
        {
          label: 'Taxa média',
          cell: ({ mean_rate: figure }) => <FigureCell measure="mean_rate" figure={figure} />,
        },
        {
          label: 'Rival acima, quando ganhamos',
          cell: ({ next_rival: rival }) => points(rival?.above_when_won),
        },
        {
          label: 'Rival abaixo, quando perdemos',
          cell: ({ next_rival: rival }) => points(rival?.below_when_lost),
        },
        {
          label: 'Margem esperada',
          cell: ({ expected_margin: figure }) => <FigureCell measure="expected_margin" figure={figure} />,
        },
        {
          label: 'Margem realizada',
          cell: ({ realised_margin: figure }) => <FigureCell measure="realised_margin" figure={figure} />,
        },
        {
          label: 'Curva',
          cell: (segment) => (
            <Button
              size="compact-xs"
              variant={segment === shown ? 'light' : 'default'}
              aria-label={`Ver a curva: ${nameOf(segment)}`}
              aria-pressed={segment === shown}
              onClick={() => {
                onChoose(segment.key ?? undefined);
              }}
            >
              Ver
            </Button>
          ),
        },
      ]}
      minWidth={1100}
    />
  );
}

/** A distance of rates, at the least. */
export function points(distance: number | undefined): string {
  return distance === undefined ? '–' : `≥ ${decimal(distance.toFixed(0), 0)} pb`;
}
