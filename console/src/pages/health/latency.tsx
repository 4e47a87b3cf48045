import { Stack } from '@mantine/core';
import { useMemo } from 'react';
import type { SystemReport } from '../../api/client';
import { count, duration, time } from '../../format/format';
import { Facts } from '../../parts/facts';
import { LaterChart } from '../../parts/later-chart';
import { Empty } from '../../parts/states';
import { everyMinute, isAlone } from './minutes';

const HEIGHT = 220;
const POINT_SIZE = 8;

/** How long from a request to our bid, and how long QI took to answer it, in the last hour. */
export function Latency({ report: { latency } }: { readonly report: SystemReport }) {
  const option = useMemo(() => {
    const minutes = everyMinute(latency);
    return (colors: { main: string; second: string; muted: string; bad: string }) => ({
      tooltip: {
        trigger: 'axis' as const,
        valueFormatter: (value: unknown) => (typeof value === 'number' ? duration(value) : '–'),
      },
      xAxis: { type: 'category' as const, data: minutes.map(({ minute }) => time(minute).slice(0, 5)) },
      yAxis: { type: 'value' as const, axisLabel: { formatter: (value: number) => duration(value) } },
      series: [
        line(
          'Da notificação ao lance, mediana',
          colors.main,
          minutes.map(({ row }) => row?.receive_to_bid_p50_ms ?? null),
        ),
        line(
          'Da notificação ao lance, p99',
          colors.bad,
          minutes.map(({ row }) => row?.receive_to_bid_p99_ms ?? null),
        ),
        line(
          'Resposta da QI, p99',
          colors.second,
          minutes.map(({ row }) => row?.qi_p99_ms ?? null),
        ),
      ],
    });
  }, [latency]);
  const last = latency.at(-1);
  if (last === undefined)
    return <Empty title="Nenhum lance na última hora">Aparece com o próximo lance.</Empty>;
  return (
    <Stack gap="sm">
      <Facts
        items={[
          ['Lances no último minuto', count(last.bids)],
          ['Da notificação ao lance, mediana', duration(last.receive_to_bid_p50_ms)],
          ['Da notificação ao lance, p99', duration(last.receive_to_bid_p99_ms)],
          ['Resposta da QI, mediana', duration(last.qi_p50_ms)],
          ['Resposta da QI, p99', duration(last.qi_p99_ms)],
        ]}
      />
      <LaterChart label="Latência por minuto na última hora" option={option} height={HEIGHT} />
    </Stack>
  );
}

function line(name: string, color: string, data: readonly (number | null)[]) {
  return {
    type: 'line' as const,
    name,
    data: [...data],
    symbol: 'circle',
    showAllSymbol: true,
    symbolSize: (_: unknown, { dataIndex }: { readonly dataIndex: number }) =>
      isAlone(data, dataIndex) ? POINT_SIZE : 0,
    lineStyle: { color, width: 2 },
    color,
  };
}
