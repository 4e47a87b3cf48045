import { Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { api, bodyOf, type Charts } from '../../api/client';
import { count, percent, share, shortReais } from '../../format/format';
import { Chart, type ChartOption } from '../../parts/chart';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { reasonWord } from '../../words/words';
import { FilterBar } from './filter-bar';
import { filterOf, type HistorySearch } from './history-search';

type Colors = Parameters<Parameters<typeof Chart>[0]['option']>[0];

const STEP: Readonly<Record<string, string>> = {
  received: 'Recebidos',
  decided_to_bid: 'Decididos a lançar',
  bid: 'Lance aceito',
  won: 'Ganhos',
  signed: 'Assinados',
  reserved: 'Averbados',
  disbursed: 'Desembolsados',
};

export function ChartsPage() {
  const search = useSearch({ from: '/graficos' });
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['charts', search],
    queryFn: () => bodyOf(api.GET('/api/v1/history/charts', { params: { query: filterOf(search) } })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return (
    <Page title="Gráficos" subtitle="Os mesmos filtros do histórico, contados.">
      <FilterBar
        search={search}
        onChange={(changed) => void navigate({ to: '/graficos', search: changed, replace: true })}
      />
      <Loaded query={query} lines={10}>
        {(charts) =>
          (charts.funnel[0]?.count ?? 0) === 0 ? (
            <Paper p="md">
              <Empty title="Nenhum leilão com esses filtros">Tire um filtro ou aumente o período.</Empty>
            </Paper>
          ) : (
            <Panels charts={charts} search={search} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Panels({ charts, search }: { readonly charts: Charts; readonly search: HistorySearch }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Panel title="Do pedido ao desembolso" note="Quantos chegaram a cada etapa, e quanto em reais">
        <Funnel charts={charts} />
      </Panel>
      <Panel title="Por que recusamos" note="Um leilão pode ter mais de um motivo">
        <Reasons charts={charts} search={search} />
      </Panel>
      <Panel
        title="Taxa de vitória por taxa do lance"
        note="Faixas de 0,1 ponto, com intervalo de confiança de 95%"
      >
        <WinRate charts={charts} />
      </Panel>
      <Panel title="Taxas ganhas e perdidas" note="Distribuição dos lances com desfecho conhecido">
        <Rates charts={charts} />
      </Panel>
      <Panel title="Por hora do dia" note="Horário de São Paulo">
        <Hours charts={charts} />
      </Panel>
      <Panel title="Tempo que restava ao lançar" note="Do envio até o limite do leilão">
        <SecondsLeft charts={charts} />
      </Panel>
      <Panel title="Por prazo ofertado" note="Lances aceitos e ganhos por número de parcelas">
        <Terms charts={charts} />
      </Panel>
    </SimpleGrid>
  );
}

function Panel({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}) {
  return (
    <Paper p="md">
      <Stack gap={2} mb="sm">
        <Title order={2}>{title}</Title>
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      </Stack>
      {children}
    </Paper>
  );
}

function Funnel({ charts: { funnel } }: { readonly charts: Charts }) {
  const most = Math.max(1, ...funnel.map((step) => step.count));
  return (
    <Table highlightOnHover={false} withRowBorders={false} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Etapa</Table.Th>
          <Table.Th w="45%">
            <span style={{ position: 'absolute', left: -9999 }}>Proporção</span>
          </Table.Th>
          <Table.Th ta="right">Leilões</Table.Th>
          <Table.Th ta="right">Valor</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {funnel.map(({ step, count: leads, amount }, i) => {
          const before = funnel[i - 1]?.count;
          return (
            <Table.Tr key={step}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{STEP[step] ?? step}</Table.Td>
              <Table.Td>
                <div
                  style={{
                    height: 18,
                    borderRadius: 4,
                    minWidth: 2,
                    width: `${String((leads / most) * 100)}%`,
                    background: 'var(--mantine-primary-color-filled)',
                    opacity: 1 - i * 0.07,
                  }}
                />
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {count(leads)}{' '}
                <Text span size="xs" c="dimmed">
                  {before === undefined || before === 0 ? '' : share(leads / before, 0)}
                </Text>
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {shortReais(amount)}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function Reasons({
  charts: { reasons },
  search,
}: {
  readonly charts: Charts;
  readonly search: HistorySearch;
}) {
  if (reasons.length === 0) return <Empty title="Nenhuma recusa" />;
  const most = Math.max(1, ...reasons.map((reason) => reason.count));
  return (
    <Table highlightOnHover={false} withRowBorders={false} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Motivo</Table.Th>
          <Table.Th w="35%">
            <span style={{ position: 'absolute', left: -9999 }}>Proporção</span>
          </Table.Th>
          <Table.Th ta="right">Leilões</Table.Th>
          <Table.Th ta="right">Valor</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {reasons.slice(0, 10).map(({ code, count: leads, amount }) => (
          <Table.Tr key={code}>
            <Table.Td>
              <Link className="link" to="/historico" search={{ ...search, reason: code }}>
                {reasonWord(code)}
              </Link>
            </Table.Td>
            <Table.Td>
              <div
                style={{
                  height: 14,
                  borderRadius: 4,
                  minWidth: 2,
                  width: `${String((leads / most) * 100)}%`,
                  background: 'var(--mantine-color-orange-6)',
                }}
              />
            </Table.Td>
            <Table.Td ta="right">{count(leads)}</Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {shortReais(amount)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const bandName = (from: string): string => percent(from, 1);

function WinRate({ charts: { rates } }: { readonly charts: Charts }) {
  const option = useMemo(
    () =>
      (colors: Colors): ChartOption => ({
        legend: { show: false },
        tooltip: {
          trigger: 'axis',
          formatter: (points) => {
            const index = (Array.isArray(points) ? points[0] : points)?.dataIndex ?? 0;
            const band = rates[index];
            if (band === undefined) return '';
            return `${bandName(band.from)} a.m.<br>${share(band.win_rate)} (${share(band.low)} a ${share(band.high)})<br>${count(band.won)} de ${count(band.won + band.lost)}`;
          },
        },
        xAxis: { type: 'category', data: rates.map(({ from }) => bandName(from)), name: '' },
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
  return <Chart label="Taxa de vitória por faixa de taxa mensal" option={option} />;
}

function Rates({ charts: { rates } }: { readonly charts: Charts }) {
  const option = useMemo(
    () =>
      (colors: Colors): ChartOption => ({
        xAxis: { type: 'category', data: rates.map(({ from }) => bandName(from)) },
        yAxis: { type: 'value', minInterval: 1 },
        series: [
          {
            type: 'bar',
            name: 'Ganhos',
            stack: 'all',
            data: rates.map(({ won }) => won),
            color: colors.main,
          },
          {
            type: 'bar',
            name: 'Perdidos',
            stack: 'all',
            data: rates.map(({ lost }) => lost),
            color: colors.muted,
          },
        ],
      }),
    [rates],
  );
  if (rates.length === 0) return <Empty title="Nenhum desfecho ainda" />;
  return <Chart label="Lances ganhos e perdidos por faixa de taxa mensal" option={option} />;
}

function Hours({ charts: { hours } }: { readonly charts: Charts }) {
  const option = useMemo(() => {
    const at = new Map(hours.map((hour) => [hour.hour, hour]));
    const all = Array.from(
      { length: 24 },
      (_, hour) => at.get(hour) ?? { hour, received: 0, bid: 0, won: 0 },
    );
    return (colors: Colors): ChartOption => ({
      xAxis: { type: 'category', data: all.map(({ hour }) => `${String(hour)}h`) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          type: 'bar',
          name: 'Recebidos',
          data: all.map(({ received }) => received),
          color: colors.muted,
        },
        { type: 'bar', name: 'Lances', data: all.map(({ bid }) => bid), color: colors.second },
        { type: 'bar', name: 'Ganhos', data: all.map(({ won }) => won), color: colors.main },
      ],
    });
  }, [hours]);
  return <Chart label="Leilões por hora do dia" option={option} />;
}

function SecondsLeft({ charts: { seconds_left: bands } }: { readonly charts: Charts }) {
  const option = useMemo(
    () =>
      (colors: Colors): ChartOption => ({
        legend: { show: false },
        xAxis: { type: 'category', data: bands.map(({ from }) => `${String(from)}–${String(from + 5)} s`) },
        yAxis: { type: 'value', minInterval: 1 },
        series: [
          {
            type: 'bar',
            name: 'Lances',
            data: bands.map(({ bids }) => bids),
            color: colors.second,
          },
        ],
      }),
    [bands],
  );
  if (bands.length === 0) return <Empty title="Nenhum lance" />;
  return <Chart label="Segundos que restavam quando o lance foi enviado" option={option} />;
}

function Terms({ charts: { terms } }: { readonly charts: Charts }) {
  const option = useMemo(
    () =>
      (colors: Colors): ChartOption => ({
        xAxis: { type: 'category', data: terms.map(({ term }) => `${String(term)}x`) },
        yAxis: { type: 'value', minInterval: 1 },
        series: [
          {
            type: 'bar',
            name: 'Lances',
            data: terms.map(({ bid }) => bid),
            color: colors.muted,
          },
          {
            type: 'bar',
            name: 'Ganhos',
            data: terms.map(({ won }) => won),
            color: colors.main,
          },
        ],
      }),
    [terms],
  );
  if (terms.length === 0) return <Empty title="Nenhum lance" />;
  return <Chart label="Lances por prazo" option={option} />;
}
