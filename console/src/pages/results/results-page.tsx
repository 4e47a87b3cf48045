import { Alert, Button, Group, Paper, Select, SimpleGrid, Stack, Table } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, bodyOf, type Results } from '../../api/client';
import { count, reais, today } from '../../format/format';
import { Panel } from '../../parts/panel';
import type { ChartColors, ChartOption } from '../../parts/chart';
import { LaterChart } from '../../parts/later-chart';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { DIMENSION, keyInWords, MARGIN_PART, STEP, WITHOUT_MARGIN } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { FigureCell } from './figure';
import { FundingLeft } from './funding-left';
import { OutcomeImport } from './outcome-import';
import { daysAfter } from './period';
import { PeriodInput } from './period-input';
import { RateShift } from './rate-shift';
import type { ResultSearch } from './search';

type Line = Results['total'];

const BY = [
  'day',
  'week',
  'month',
  'segment',
  'product',
  'policy',
  'price_row',
  'term',
  'amount',
  'tenure',
] as const;
const NOBODY: ReadonlyMap<string, string | null> = new Map();

/** What was earned: expected and realised, part by part, from the request to the margin. */
export function ResultsPage() {
  const search = useSearch({ from: '/resultado' });
  const navigate = useNavigate();
  const by = BY.find((name) => name === search.por) ?? 'day';
  const [from, to] = [search.de ?? daysAfter(today(), -29), search.ate ?? today()];
  const query = useQuery({
    queryKey: ['results', by, from, to, search.politica],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/results', {
          params: { query: { by, from, to, ...(search.politica && { policy: search.politica }) } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const change = (part: ResultSearch): void => {
    void navigate({ to: '/resultado', search: { ...search, ...part }, replace: true });
  };
  return (
    <Page
      title="Resultado"
      subtitle="Margem esperada do que se ganhou e realizada do que se desembolsou. Dias do recebimento, em São Paulo."
      actions={
        <Link to="/comparar" className="link">
          Comparar períodos
        </Link>
      }
    >
      <Paper p="md">
        <Group align="flex-end">
          <PeriodInput from={from} to={to} onChange={change} />
          <Select
            label="Por"
            allowDeselect={false}
            data={BY.map((value) => ({ value, label: wordOf(DIMENSION, value) }))}
            value={by}
            onChange={(por) => {
              if (por !== null) change({ por });
            }}
          />
          <Button
            variant="default"
            onClick={() => {
              window.print();
            }}
          >
            Imprimir
          </Button>
        </Group>
      </Paper>
      <Loaded query={query} lines={10}>
        {(results) =>
          results.waterfall[0]?.count === 0 ? (
            <Paper p="md">
              <Empty title="Nenhum pedido no período">Aumente o período.</Empty>
            </Paper>
          ) : (
            <Panels results={results} />
          )
        }
      </Loaded>
      <RateShift from={from} to={to} policy={search.politica} />
      <FundingLeft />
      <OutcomeImport />
    </Page>
  );
}

function Panels({ results }: { readonly results: Results }) {
  const unknown = results.without_margin.reduce((sum, { bids }) => sum + bids, 0);
  return (
    <Stack>
      {unknown > 0 && (
        <Alert color="yellow" title={`${count(unknown)} lances sem margem calculada ficam fora das margens`}>
          {results.without_margin
            .map(({ why, bids }) => `${count(bids)}: ${wordOf(WITHOUT_MARGIN, why)}`)
            .join('; ')}
          .
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Panel
          title="Do pedido à margem"
          note="Quantos chegaram a cada etapa e em reais; depois, o que cada parte deu ou tirou"
        >
          <Waterfall results={results} />
        </Panel>
        <Panel
          title="Margem por período ou grupo"
          note="Realizada, do que se desembolsou; esperada, do que se ganhou"
        >
          <MarginBars results={results} />
        </Panel>
      </SimpleGrid>
      <Panel
        title={`Por ${wordOf(DIMENSION, results.by).toLowerCase()}`}
        note="n é em quantos contratos a figura se apoia"
      >
        <Lines results={results} />
      </Panel>
      <Panel
        title="Safras depois do desembolso"
        note="Do que o servicer informou: primeira parcela paga, e a perda de quem já terminou"
      >
        <Vintages results={results} />
      </Panel>
    </Stack>
  );
}

function Waterfall({ results: { waterfall, total } }: { readonly results: Results }) {
  return (
    <Table aria-label="Do pedido à margem">
      <Table.Tbody>
        {waterfall.map(({ step, count: number, amount }) => (
          <Table.Tr key={step}>
            <Table.Td>{wordOf(STEP, step)}</Table.Td>
            <Table.Td ta="right">{count(number)}</Table.Td>
            <Table.Td ta="right">{reais(amount)}</Table.Td>
          </Table.Tr>
        ))}
        {Object.entries(total.parts).map(([part, amount]) => (
          <Table.Tr key={part}>
            <Table.Td>{wordOf(MARGIN_PART, part)}</Table.Td>
            <Table.Td />
            <Table.Td ta="right">{reais(amount)}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr fw={600}>
          <Table.Td>Margem realizada</Table.Td>
          <Table.Td ta="right">{count(total.realised_margin.sample)}</Table.Td>
          <Table.Td ta="right">{reais(total.realised_margin.value)}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

function MarginBars({ results: { by, lines } }: { readonly results: Results }) {
  const option = useMemo(() => {
    return (colors: ChartColors): ChartOption => ({
      legend: { show: true },
      xAxis: { type: 'category', data: lines.map(({ key }) => keyInWords(by, key, NOBODY)) },
      yAxis: { type: 'value' },
      series: [
        {
          type: 'bar' as const,
          name: 'Realizada',
          data: lines.map(({ realised_margin: margin }) => Number(margin.value)),
          color: colors.main,
        },
        {
          type: 'bar' as const,
          name: 'Esperada',
          data: lines.map(({ expected_margin: margin }) => Number(margin.value)),
          color: colors.muted,
        },
      ],
    });
  }, [by, lines]);
  return <LaterChart label="Margem realizada e esperada, em reais" option={option} />;
}

function Lines({ results: { by, lines, total } }: { readonly results: Results }) {
  const row = (line: Line, name: string) => (
    <Table.Tr key={name} fw={name === 'Total' ? 600 : undefined}>
      <Table.Td>{name}</Table.Td>
      <Table.Td ta="right">{count(line.won)}</Table.Td>
      <Table.Td ta="right">{reais(line.won_amount)}</Table.Td>
      <Table.Td ta="right">{count(line.paid)}</Table.Td>
      <Table.Td ta="right">{reais(line.paid_amount)}</Table.Td>
      <Table.Td ta="right">
        <FigureCell measure="expected_margin" figure={line.expected_margin} />
      </Table.Td>
      <Table.Td ta="right">
        <FigureCell measure="realised_margin" figure={line.realised_margin} />
      </Table.Td>
      <Table.Td ta="right">
        <FigureCell measure="margin_rate" figure={line.margin_rate} />
      </Table.Td>
    </Table.Tr>
  );
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table aria-label="Resultado por grupo">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{wordOf(DIMENSION, by)}</Table.Th>
            <Table.Th ta="right">Leilões ganhos</Table.Th>
            <Table.Th ta="right">Volume arrematado</Table.Th>
            <Table.Th ta="right">Desembolsos</Table.Th>
            <Table.Th ta="right">Volume desembolsado</Table.Th>
            <Table.Th ta="right">Margem esperada</Table.Th>
            <Table.Th ta="right">Margem realizada</Table.Th>
            <Table.Th ta="right">Sobre o funding</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => row(line, keyInWords(by, line.key, NOBODY)))}
          {row(total, 'Total')}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Vintages({ results: { vintages } }: { readonly results: Results }) {
  if (vintages.length === 0) return <Empty title="Nenhum desembolso no período" />;
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Safras">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Desembolso</Table.Th>
            <Table.Th ta="right">Contratos</Table.Th>
            <Table.Th ta="right">Volume</Table.Th>
            <Table.Th ta="right">Primeira parcela paga</Table.Th>
            <Table.Th ta="right">Terminados</Table.Th>
            <Table.Th ta="right">Perda esperada deles</Table.Th>
            <Table.Th ta="right">Perda informada</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {vintages.map((one) => (
            <Table.Tr key={one.month}>
              <Table.Td>{keyInWords('paid_month', one.month, NOBODY)}</Table.Td>
              <Table.Td ta="right">{count(one.paid)}</Table.Td>
              <Table.Td ta="right">{reais(one.paid_amount)}</Table.Td>
              <Table.Td ta="right">
                <FigureCell measure="first_paid" figure={one.first_paid} />
              </Table.Td>
              <Table.Td ta="right">{count(one.ended)}</Table.Td>
              <Table.Td ta="right">{reais(one.expected_loss)}</Table.Td>
              <Table.Td ta="right">{reais(one.told_loss)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
