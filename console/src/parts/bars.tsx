import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { count, reais } from '../format/format';
import { aligned } from './aligned';
import { changeInWords } from './change';
import type { ChartColors, ChartOption } from './chart';
import { LaterChart } from './later-chart';
import { Empty } from './states';

/** How rows are drawn; a constant, so that a chart is drawn anew only when its rows change. */
export interface BarChart<Row> {
  /** What the chart says, for whoever does not see it. */
  readonly label: string;
  readonly name: (row: Row) => string;
  /** Tells rows apart, and puts them in order where it is a number. */
  readonly place: (row: Row) => number | string;
  /** Adds the bins between that nothing fell into. */
  readonly filled?: (rows: readonly Row[]) => readonly Row[];
  readonly unit?: 'reais';
  readonly series: readonly {
    readonly name: string;
    readonly color: keyof ChartColors;
    readonly value: (row: Row) => number;
  }[];
  readonly stacked?: boolean;
}

interface Props<Row> {
  readonly chart: BarChart<Row>;
  readonly rows: readonly Row[];
  /** The same of another period: drawn beside, fainter; the difference is told below. */
  readonly before?: readonly Row[] | undefined;
}

const QUIET = 0.4;

/** Counts as bars, beside or on top of each other. */
export function Bars<Row>({ chart, rows, before }: Props<Row>) {
  const option = useMemo(() => {
    const both = aligned(rows, before ?? [], chart.place, chart.filled);
    return (colors: ChartColors): ChartOption => ({
      legend: { show: chart.series.length > 1 || before !== undefined },
      xAxis: { type: 'category', data: both.map(({ either }) => chart.name(either)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: chart.series.flatMap(({ name, color, value }) => {
        const bars = (look: 'row' | 'before') => ({
          type: 'bar' as const,
          ...(chart.stacked === true && { stack: look }),
          data: both.map((at) => (at[look] === undefined ? 0 : value(at[look]))),
          color: colors[color],
        });
        const now = { ...bars('row'), name };
        const then = { ...bars('before'), name: `${name}, antes`, itemStyle: { opacity: QUIET } };
        return before === undefined ? [now] : [now, then];
      }),
    });
  }, [chart, rows, before]);
  if (rows.length === 0 && (before ?? []).length === 0)
    return <Empty title="Nada a contar ainda">Aumente o período, ou espere o próximo leilão.</Empty>;
  return (
    <>
      <LaterChart label={chart.label} option={option} />
      {before !== undefined && <Difference chart={chart} rows={rows} before={before} />}
    </>
  );
}

function Difference<Row>({ chart, rows, before }: Required<Props<Row>>) {
  const write = chart.unit === 'reais' ? (n: number) => reais(n.toFixed(2)) : count;
  const sum = (of: readonly Row[] | undefined, value: (row: Row) => number): number =>
    (of ?? []).reduce((total, row) => total + value(row), 0);
  return (
    <Text size="sm" c="dimmed" mt="xs">
      {chart.series
        .map(({ name, value }) => `${name}: ${changeInWords(sum(rows, value), sum(before, value), write)}`)
        .join('. ')}
      .
    </Text>
  );
}
