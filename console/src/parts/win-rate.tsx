import { useMemo } from 'react';
import { count, percent, share } from '../format/format';
import type { ChartColors, ChartOption } from './chart';
import { LaterChart } from './later-chart';
import { Empty } from './states';

/** Auctions that have ended, by the band of our rate. */
export interface WonByRate {
  readonly from: string;
  readonly won: number;
  readonly lost: number;
  /** Fractions, with 95 % confidence. */
  readonly win_rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The share of auctions won by rate of our bid, each with its interval of confidence. */
export function WinRate({ rates }: { readonly rates: readonly WonByRate[] }) {
  const option = useMemo(
    () =>
      (colors: ChartColors): ChartOption => ({
        legend: { show: false },
        tooltip: {
          trigger: 'axis',
          formatter: (points) => {
            const index = (Array.isArray(points) ? points[0] : points)?.dataIndex ?? 0;
            const band = rates[index];
            if (band === undefined) return '';
            return `${percent(band.from)} a.m.<br>${share(band.win_rate)} (${share(band.low)} a ${share(band.high)})<br>${count(band.won)} de ${count(band.won + band.lost)}`;
          },
        },
        xAxis: { type: 'category', data: rates.map(({ from }) => percent(from)), name: '' },
        yAxis: {
          type: 'value',
          min: 0,
          max: 1,
          axisLabel: { formatter: (value: number) => share(value, 0) },
        },
        series: [
          {
            type: 'custom',
            z: 1,
            encode: { x: 0, y: [1, 2] },
            data: rates.map(({ low, high }, i) => [i, low ?? 0, high ?? 0]),
            renderItem: (_, given) => {
              const [x = 0, low = 0] = given.coord([given.value(0), given.value(1)]);
              const [, high = 0] = given.coord([given.value(0), given.value(2)]);
              const style = { stroke: colors.muted, lineWidth: 2 };
              const line = (x1: number, y1: number, x2: number, y2: number) => ({
                type: 'line' as const,
                shape: { x1, y1, x2, y2 },
                style,
              });
              return {
                type: 'group',
                children: [
                  line(x, low, x, high),
                  line(x - 5, low, x + 5, low),
                  line(x - 5, high, x + 5, high),
                ],
              };
            },
          },
          {
            type: 'line',
            z: 2,
            data: rates.map(({ win_rate: rate }) => rate),
            symbolSize: 8,
            color: colors.main,
            lineStyle: { width: 2, color: colors.main },
          },
        ],
      }),
    [rates],
  );
  if (rates.length === 0) return <Empty title="Nenhum desfecho ainda" />;
  return <LaterChart label="Taxa de vitória por faixa de taxa mensal" option={option} />;
}
