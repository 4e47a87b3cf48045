import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { count, percent, share } from '../format/format';
import { aligned } from './aligned';
import type { ChartColors, ChartOption } from './chart';
import { LaterChart } from './later-chart';
import { Empty } from './states';
import { winDifference } from './win-difference';

/** Auctions that have ended, by the band of our rate. */
export interface WonByRate {
  readonly from: string;
  /** With a bid that QI had answered. */
  readonly answered: { readonly won: number; readonly lost: number };
  /** Fractions, with 95 % confidence. */
  readonly win_rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The share of auctions won by rate of our bid, each with its interval of confidence. */
export function WinRate({
  rates: all,
  before: allBefore,
}: {
  readonly rates: readonly WonByRate[];
  /** The same of another period: a dashed line, the difference told below with its interval. */
  readonly before?: readonly WonByRate[] | undefined;
}) {
  const rates = useMemo(() => all.filter(isHeard), [all]);
  const before = useMemo(() => allBefore?.filter(isHeard), [allBefore]);
  const option = useMemo(() => {
    const both = aligned(rates, before ?? [], ({ from }) => Number(from));
    return (colors: ChartColors): ChartOption => ({
      legend: { show: before !== undefined },
      tooltip: {
        trigger: 'axis',
        formatter: (points) => {
          const index = (Array.isArray(points) ? points[0] : points)?.dataIndex ?? 0;
          const band = both[index];
          if (band === undefined) return '';
          const lines = [`${percent(band.either.from)} a.m.`, said(band.row)];
          if (before !== undefined) lines.push(`antes: ${said(band.before)}`);
          return lines.join('<br>');
        },
      },
      xAxis: { type: 'category', data: both.map(({ either: { from } }) => percent(from)), name: '' },
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
          data: both.flatMap(({ row }, i) => (row ? [[i, row.low ?? 0, row.high ?? 0]] : [])),
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
              children: [line(x, low, x, high), line(x - 5, low, x + 5, low), line(x - 5, high, x + 5, high)],
            };
          },
        },
        {
          type: 'line',
          name: 'Agora',
          z: 3,
          data: both.map(({ row }) => row?.win_rate ?? null),
          symbolSize: 8,
          color: colors.main,
          lineStyle: { width: 2, color: colors.main },
        },
        ...(before === undefined
          ? []
          : [
              {
                type: 'line' as const,
                name: 'Antes',
                z: 2,
                data: both.map(({ before: then }) => then?.win_rate ?? null),
                symbolSize: 4,
                color: colors.main,
                lineStyle: { width: 1.5, color: colors.main, type: 'dashed' as const, opacity: 0.7 },
              },
            ]),
      ],
    });
  }, [rates, before]);
  if (rates.length === 0 && (before ?? []).length === 0)
    return <Empty title="Nenhum desfecho ainda">A QI conta quem ganhou quando o leilão se encerra.</Empty>;
  return (
    <>
      <LaterChart label="Taxa de vitória por faixa de taxa mensal" option={option} />
      {before !== undefined && (
        <Text size="sm" c="dimmed" mt="xs">
          {winDifference(rates.map(endsOf), before.map(endsOf))}
        </Text>
      )}
    </>
  );
}

const endsOf = ({ answered }: WonByRate) => answered;
const isHeard = ({ answered: { won, lost } }: WonByRate): boolean => won + lost > 0;

function said(band: WonByRate | undefined): string {
  if (band === undefined) return 'nenhum desfecho';
  const { win_rate: rate, low, high } = band;
  const { won, lost } = band.answered;
  return `${share(rate)} (${share(low)} a ${share(high)}), ${count(won)} de ${count(won + lost)}`;
}
