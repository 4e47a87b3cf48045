import { Group, Paper, Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { today } from '../../format/format';
import { Page } from '../../parts/page';
import { useReadSearch } from '../../parts/use-read-search';
import { daysAfter } from '../results/period';
import { PeriodInput } from '../results/period-input';
import { RateShift } from '../results/rate-shift';
import { RATE_TABS, readRateSearch, type RateSearch } from '../results/search';
import { EmployersTab } from './employers-tab';
import { FairnessTab } from './fairness-tab';
import { LearningTab } from './learning-tab';
import { WinCurvesTab } from './win-curves-tab';

/** A quarter: rates of a month are few. */
const DAYS = 90;

const TABS = {
  curva: { label: 'Curva de vitória', Tab: WinCurvesTab },
  aprendizado: { label: 'Aprendizado', Tab: LearningTab },
  ese: { label: 'E se', Tab: RateShift },
  equidade: { label: 'Equidade', Tab: FairnessTab },
  empregadores: { label: 'Empregadores', Tab: EmployersTab },
} as const satisfies Record<(typeof RATE_TABS)[number], unknown>;

/** What our rates win, whom they fall on, and how it is paid back. */
export function RatesPage() {
  const search = useReadSearch(readRateSearch);
  const navigate = useNavigate();
  const [from, to] = [search.de ?? daysAfter(today(), 1 - DAYS), search.ate ?? today()];
  const change = (part: { [K in keyof RateSearch]: RateSearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    void navigate({ to: '/taxa', search: Object.fromEntries(merged), replace: true });
  };
  return (
    <Page
      title="Taxa"
      subtitle="Quanto cada taxa ganha, onde estamos e o que veio do que se ganhou. Dias do recebimento, em São Paulo."
    >
      <Paper p="md">
        <Group align="flex-end">
          <PeriodInput from={from} to={to} onChange={change} />
        </Group>
      </Paper>
      <Tabs
        value={search.aba ?? 'curva'}
        keepMounted={false}
        onChange={(aba) => {
          change({ aba: RATE_TABS.find((name) => name === aba) });
        }}
      >
        <Tabs.List mb="md">
          {RATE_TABS.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {TABS[value].label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {RATE_TABS.map((value) => {
          const { Tab } = TABS[value];
          return (
            <Tabs.Panel key={value} value={value}>
              <Tab from={from} to={to} search={search} change={change} />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </Page>
  );
}
