import { Group, Paper, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { today } from '../../format/format';
import { Page } from '../../parts/page';
import { useReadSearch } from '../../parts/use-read-search';
import { DIMENSION } from '../../words/result-words';
import { optionsOf } from '../../words/words';
import { ComparedGroups } from './compared-groups';
import { ComparedTotals } from './compared-totals';
import {
  chosenPeriod,
  otherPeriod,
  periodInWords,
  periodsOf,
  PRESET_LABEL,
  PRESETS,
  TWO_PERIODS,
  type PeriodPair,
} from './period';
import { PeriodInput } from './period-input';
import { readCompareSearch, type CompareSearch } from './search';
import type { Sides } from './use-comparison';
import type { Versions } from './version-without';
import { HELP } from '../../words/help-words';

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

/** Any figure of one period, or one version of the policy, beside another's. */
export function ComparePage() {
  const search = useReadSearch(readCompareSearch);
  const navigate = useNavigate();
  const preset = search.periodo ?? 'semana';
  const by = BY.find((name) => name === search.por);
  const pair = pairOf(search);
  const sides = sidesOf(search, pair);
  const ofVersions = sides.versions !== undefined;
  const change = (part: { [K in keyof CompareSearch]: CompareSearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    void navigate({ to: '/comparar', search: Object.fromEntries(merged), replace: true });
  };
  const choose = (periodo: Chosen): void => {
    const { a, b } = pair;
    const kept = { de: a.from, ate: a.to, contra: chosenPeriod(b) };
    const none = { de: undefined, ate: undefined, contra: undefined };
    change({ periodo, ...(periodo === TWO_PERIODS ? kept : none) });
  };
  return (
    <Page title="Comparar" subtitle={sides.words}>
      <Paper p="md">
        <Group align="flex-end">
          <Select
            label="Períodos"
            description={HELP.look.periods}
            hiddenFrom="lg"
            allowDeselect={false}
            placeholder="Todos os dias de cada versão"
            disabled={ofVersions}
            data={PERIODS}
            value={ofVersions ? null : preset}
            onChange={(value) => {
              if (value !== null) choose(value);
            }}
          />
          <SegmentedControl<Chosen | ''>
            visibleFrom="lg"
            aria-label="Períodos"
            disabled={ofVersions}
            data={PERIODS}
            value={ofVersions ? '' : preset}
            onChange={(value) => {
              if (value !== '') choose(value);
            }}
          />
        </Group>
        <Group align="flex-start" mt="sm" className="filters">
          {!ofVersions && preset === TWO_PERIODS && (
            <>
              <PeriodInput
                label="Primeiro período"
                help={HELP.look.firstPeriod}
                {...pair.a}
                onChange={change}
              />
              <PeriodInput
                label="Segundo período"
                help={HELP.look.againstPeriod}
                {...pair.b}
                onChange={({ de, ate }) => {
                  change({ contra: chosenPeriod({ from: de, to: ate }) });
                }}
              />
            </>
          )}
          <Version
            label="Versão"
            help={HELP.look.version}
            key={`versão ${search.versao ?? ''}`}
            value={search.versao}
            onCommit={(versao) => {
              change({ versao });
            }}
          />
          <Version
            label="com a versão"
            help={HELP.look.withVersion}
            key={`com a versão ${search.com ?? ''}`}
            value={search.com}
            onCommit={(com) => {
              change({ com });
            }}
          />
          <Select
            label="Abrir por"
            description={HELP.look.by}
            placeholder="Só o total"
            clearable
            data={optionsOf(DIMENSION, BY)}
            value={by ?? null}
            onChange={(por) => {
              change({ por: por ?? undefined });
            }}
          />
        </Group>
      </Paper>
      <ComparedTotals
        title="Total"
        measures={MEASURES}
        query={sides.query}
        versions={sides.versions}
        {...(sides.versions && { heads: headsOf(sides.versions) })}
      />
      {by !== undefined && (
        <ComparedGroups
          key={by}
          by={by}
          measures={by === 'status' ? OF_GROUPS.filter((name) => name !== 'win_rate') : OF_GROUPS}
          query={sides.query}
          versions={sides.versions}
        />
      )}
    </Page>
  );
}

type Chosen = NonNullable<CompareSearch['periodo']>;
const PERIODS: { value: Chosen; label: string }[] = [
  ...PRESETS.map((value) => ({ value, label: PRESET_LABEL[value] })),
  { value: TWO_PERIODS, label: 'Dois períodos' },
];

/** Two that were chosen, as far as the address says them; else those of the preset. */
function pairOf({ periodo = 'semana', de, ate, contra }: CompareSearch): PeriodPair {
  if (periodo !== TWO_PERIODS) return periodsOf(periodo, today());
  const usual = periodsOf('semana', today());
  const a = de === undefined || ate === undefined ? usual.a : { from: de, to: ate };
  return { a, b: otherPeriod(contra ?? 'anterior', a) ?? usual.b };
}

/** A version by its number; it counts once the field is left. */
function Version({
  label,
  help,
  value,
  onCommit,
}: {
  readonly label: string;
  readonly help: string;
  readonly value: string | undefined;
  readonly onCommit: (version: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value ?? '');
  return (
    <TextInput
      label={label}
      description={help}
      placeholder="todas"
      w={140}
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

const headsOf = ([a, b]: Versions): Versions => [`Versão ${a}`, `Versão ${b}`];

interface SidesInWords {
  readonly words: string;
  /** Where they are compared instead of periods. */
  readonly versions?: Versions;
  readonly query: Sides;
}

/** Two versions are compared over all their days; the first alone, or none, by the periods; the second alone counts for the second period. */
function sidesOf({ versao, com }: CompareSearch, { a, b }: PeriodPair): SidesInWords {
  if (versao !== undefined && com !== undefined)
    return {
      words: `Versão ${versao} da política com a versão ${com}, em todo o período de cada uma`,
      versions: [versao, com],
      query: { a_policy: versao, b_policy: com },
    };
  const version =
    versao !== undefined ? `, versão ${versao}` : com !== undefined ? `, este só da versão ${com}` : '';
  return {
    words: `${periodInWords(a)} com ${periodInWords(b)}${version}. Dias do recebimento, em São Paulo`,
    query: {
      a_from: a.from,
      a_to: a.to,
      b_from: b.from,
      b_to: b.to,
      ...(versao !== undefined && { a_policy: versao, b_policy: versao }),
      ...(com !== undefined && { b_policy: com }),
    },
  };
}
