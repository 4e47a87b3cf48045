import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as useParts, type ComposeOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components';
import { useEffect, useRef } from 'react';

useParts([
  BarChart,
  CustomChart,
  LineChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
>;

/** Colours that can be told apart by everybody, on paper and at night. */
export const SERIES = {
  light: { main: '#0b7a6b', second: '#3b6fb6', muted: '#b3bcbb', bad: '#d9682b' },
  dark: { main: '#35b995', second: '#6ea3e8', muted: '#5d6a69', bad: '#ef8a55' },
} as const;

const LOOK = {
  light: { text: '#55615f', line: '#e3e8e7', surface: '#ffffff', strong: '#1b2423' },
  dark: { text: '#a3adad', line: '#2c3534', surface: '#1f2625', strong: '#e8eeee' },
} as const;

export type ChartColors = (typeof SERIES)['light'] | (typeof SERIES)['dark'];

export interface ChartProps {
  /** What the chart says, for whoever does not see it. */
  readonly label: string;
  readonly option: (colors: ChartColors) => ChartOption;
  readonly height?: number;
}

/** As axes and tooltips write it: "12.500", "0,5". */
const numberInBrazil = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString('pt-BR', { maximumFractionDigits: 2 }) : '–';

/** A chart in the page's colours, as wide as its place. */
export function Chart({ label, option, height = 280 }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const isStill = useReducedMotion();
  useEffect(() => {
    if (frame.current === null) return undefined;
    const chart = init(frame.current);
    const look = LOOK[scheme];
    const axis = {
      axisLabel: { color: look.text },
      axisLine: { lineStyle: { color: look.line } },
      splitLine: { lineStyle: { color: look.line } },
      nameTextStyle: { color: look.text },
    };
    const given = option(SERIES[scheme]);
    const dressed = (its: { type?: string; axisLabel?: object }) => ({
      ...axis,
      ...its,
      axisLabel: {
        ...axis.axisLabel,
        ...(its.type === 'value' && { formatter: numberInBrazil }),
        ...its.axisLabel,
      },
    });
    const withLook = (axes: unknown): unknown =>
      Array.isArray(axes) ? axes.map(withLook) : dressed(axes as { axisLabel?: object });
    chart.setOption({
      animation: !isStill,
      animationDuration: 250,
      textStyle: { fontFamily: 'inherit', color: look.text },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      tooltip: {
        trigger: 'axis',
        backgroundColor: look.surface,
        borderColor: look.line,
        textStyle: { color: look.strong },
        valueFormatter: numberInBrazil,
      },
      ...given,
      legend: {
        top: 0,
        right: 0,
        textStyle: { color: look.text },
        itemHeight: 10,
        itemWidth: 16,
        ...(given.legend as object | undefined),
      },
      ...('xAxis' in given && { xAxis: withLook(given.xAxis) as object }),
      ...('yAxis' in given && { yAxis: withLook(given.yAxis) as object }),
    });
    const observer = new ResizeObserver(() => {
      chart.resize();
    });
    observer.observe(frame.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, scheme, isStill]);
  return <div ref={frame} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
