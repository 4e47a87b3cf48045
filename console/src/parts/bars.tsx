import { useMemo } from 'react';
import { Chart, type ChartColors, type ChartOption } from './chart';
import { Empty } from './states';

/** How rows are drawn; a constant, so that a chart is drawn anew only when its rows change. */
export interface BarChart<Row> {
  /** What the chart says, for whoever does not see it. */
  readonly label: string;
  readonly name: (row: Row) => string;
  readonly series: readonly {
    readonly name: string;
    readonly color: keyof ChartColors;
    readonly value: (row: Row) => number;
  }[];
  readonly stacked?: boolean;
}

/** Counts as bars, beside or on top of each other. */
export function Bars<Row>({ chart, rows }: { readonly chart: BarChart<Row>; readonly rows: readonly Row[] }) {
  const option = useMemo(() => {
    const { name, series, stacked = false } = chart;
    return (colors: ChartColors): ChartOption => ({
      legend: { show: series.length > 1 },
      xAxis: { type: 'category', data: rows.map(name) },
      yAxis: { type: 'value', minInterval: 1 },
      series: series.map(({ name: legend, color, value }) => ({
        type: 'bar' as const,
        name: legend,
        ...(stacked && { stack: 'all' }),
        data: rows.map(value),
        color: colors[color],
      })),
    });
  }, [chart, rows]);
  if (rows.length === 0) return <Empty title="Nada a contar ainda" />;
  return <Chart label={chart.label} option={option} />;
}
