import { Group, Paper, SegmentedControl, Select, Table, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type Compared, type Comparison } from '../../api/client';
import { count, date, decimal, percent, reais, share, shift, today } from '../../format/format';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { DIMENSION, keyInWords, kindOf, MEASURE } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { FigureCell } from './figure';
import { periodsOf, PRESET_LABEL, PRESETS, type PeriodPair } from './period';
import type { CompareSearch } from './search';

const MEASURES = [
  'requests',
  'bids',
  'won',
  'win_rate',
  'mean_rate',
  'won_amount',
  'paid_amount',
  'expected_margin',
  'realised_margin',
  'margin_rate',
] as const;
/** Of groups, so that a row still fits. */
const OF_GROUPS = ['bids', 'win_rate', 'mean_rate', 'won_amount', 'realised_margin'] as const;
const BY = [
  'rate',
  'term',
  'amount',
  'tenure',
  'hour',
  'weekday',
  'employer',
  'segment',
  'price_row',
  'reason',
  'status',
] as const;
type Measure = (typeof MEASURES)[number];

/** Any figure of one period, or one version of the policy, beside another's. */
export function ComparePage() {
  const search = useSearch({ from: '/comparar' });
  const navigate = useNavigate();
  const preset = search.periodo ?? 'semana';
  const by = BY.find((name) => name === search.por);
  const sides = sidesOf(search, periodsOf(preset, today()));
  const change = (part: { [K in keyof CompareSearch]: CompareSearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    void navigate({ to: '/comparar', search: Object.fromEntries(merged), replace: true });
  };
  return (
    <Page title="Comparar" subtitle={sides.words}>
      <Paper p="md">
        <Group align="flex-end">
          <Select
            label="Períodos"
            hiddenFrom="md"
            allowDeselect={false}
            data={PRESETS.map((value) => ({ value, label: PRESET_LABEL[value] }))}
            value={preset}
            onChange={(periodo) => {
              if (periodo !== null) change({ periodo });
            }}
          />
          <SegmentedControl
            visibleFrom="md"
            aria-label="Períodos"
            data={PRESETS.map((value) => ({ value, label: PRESET_LABEL[value] }))}
            value={preset}
            onChange={(periodo) => {
              change({ periodo });
            }}
          />
          <Version
            label="Versão"
            value={search.versao}
            onCommit={(versao) => {
              change({ versao });
            }}
          />
          <Version
            label="com a versão"
            value={search.com}
            onCommit={(com) => {
              change({ com });
            }}
          />
          <Select
            label="Abrir por"
            placeholder="Só o total"
            clearable
            data={BY.map((value) => ({ value, label: wordOf(DIMENSION, value) }))}
            value={by ?? null}
            onChange={(por) => {
              change({ por: por ?? undefined });
            }}
          />
        </Group>
      </Paper>
      <Compare title="Total" measures={MEASURES} sides={sides} />
      {by !== undefined && (
        <Compare key={by} title={wordOf(DIMENSION, by)} measures={OF_GROUPS} by={by} sides={sides} />
      )}
    </Page>
  );
}

/** A version by its number; it counts once the field is left. */
function Version({
  label,
  value,
  onCommit,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onCommit: (version: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value ?? '');
  return (
    <TextInput
      label={label}
      placeholder="todas"
      w={110}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={() => {
        onCommit(typed.trim() || undefined);
      }}
    />
  );
}

interface Sides {
  readonly words: string;
  readonly query: {
    readonly a_from?: string;
    readonly a_to?: string;
    readonly b_from?: string;
    readonly b_to?: string;
    readonly a_policy?: string;
    readonly b_policy?: string;
  };
}

/** Two versions are compared over all their days; one alone, or none, by the periods. */
function sidesOf({ versao, com }: CompareSearch, { a, b }: PeriodPair): Sides {
  if (versao !== undefined && com !== undefined)
    return {
      words: `Versão ${versao} da política com a versão ${com}, em todo o período de cada uma`,
      query: { a_policy: versao, b_policy: com },
    };
  const period = ({ from, to }: PeriodPair['a']): string =>
    from === to ? date(from) : `${date(from)} a ${date(to)}`;
  const version = versao === undefined ? '' : `, versão ${versao}`;
  return {
    words: `${period(a)} com ${period(b)}${version}. Dias do recebimento, em São Paulo`,
    query: {
      a_from: a.from,
      a_to: a.to,
      b_from: b.from,
      b_to: b.to,
      ...(versao !== undefined && { a_policy: versao, b_policy: versao }),
    },
  };
}

function Compare({
  title,
  measures,
  by,
  sides,
}: {
  readonly title: string;
  readonly measures: readonly Measure[];
  readonly by?: (typeof BY)[number];
  readonly sides: Sides;
}) {
  const query = useQuery({
    queryKey: ['comparison', by, measures, sides.query],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/comparison', {
          params: { query: { measures: measures.join(','), ...(by && { by }), ...sides.query } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Loaded query={query} lines={8}>
        {(comparison) =>
          by === undefined ? <Totals comparison={comparison} /> : <Groups by={by} comparison={comparison} />
        }
      </Loaded>
    </Paper>
  );
}

function Totals({ comparison: { measures, total } }: { readonly comparison: Comparison }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Comparação">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Medida</Table.Th>
            <Table.Th ta="right">Primeiro</Table.Th>
            <Table.Th ta="right">Segundo</Table.Th>
            <Table.Th ta="right">Diferença</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {measures.map((measure, at) => {
            const compared = total[at];
            return (
              compared && (
                <Table.Tr key={measure}>
                  <Table.Td>{wordOf(MEASURE, measure)}</Table.Td>
                  <Table.Td ta="right">
                    <FigureCell measure={measure} figure={compared.a} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <FigureCell measure={measure} figure={compared.b} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Difference measure={measure} compared={compared} />
                  </Table.Td>
                </Table.Tr>
              )
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Groups({ by, comparison }: { readonly by: string; readonly comparison: Comparison }) {
  const { measures, rows, employers } = comparison;
  const names = new Map(employers.map(({ mark, document_number: number }) => [mark, number]));
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Comparação por grupo">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              {wordOf(DIMENSION, by)} ({count(rows.length)})
            </Table.Th>
            {measures.map((measure) => (
              <Table.Th key={measure} ta="right">
                {wordOf(MEASURE, measure)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ keys, figures }) => (
            <Table.Tr key={JSON.stringify(keys)}>
              <Table.Td>{keyInWords(by, keys[0] ?? null, names)}</Table.Td>
              {measures.map((measure, at) => {
                const compared = figures[at];
                return (
                  <Table.Td key={measure} ta="right">
                    {compared && (
                      <>
                        <FigureCell measure={measure} figure={compared.a} />
                        <Difference measure={measure} compared={compared} />
                      </>
                    )}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** How far the first is above the second; of shares with the interval, and whether it leaves nought out. */
function Difference({ measure, compared }: { readonly measure: string; readonly compared: Compared }) {
  const { difference, low, high, differs } = compared;
  if (difference === null) return <Text size="sm">–</Text>;
  return (
    <Text size="sm" fw={differs === true ? 600 : undefined} style={{ whiteSpace: 'nowrap' }}>
      {differenceInWords(measure, difference)}
      {low !== null && (
        <Text span size="xs" c="dimmed" display="block">
          {share(low, 2)} a {share(high, 2)}: {differs === true ? 'diferem' : 'não se distinguem'}
        </Text>
      )}
    </Text>
  );
}

function differenceInWords(measure: string, difference: string): string {
  const sign = difference.startsWith('-') || /^0*(\.0*)?$/.test(difference) ? '' : '+';
  switch (kindOf(measure)) {
    case 'count':
      return `${sign}${count(Number(difference))}`;
    case 'amount':
      return `${sign}${reais(difference)}`;
    case 'share':
      return `${sign}${decimal(shift(difference, 2), 2)} pp`;
    case 'rate':
      return `${sign}${percent(difference)} a.m.`;
  }
}
