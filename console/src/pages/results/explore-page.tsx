import { Group, Paper, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { today } from '../../format/format';
import { Page } from '../../parts/page';
import { PrintButton } from '../../parts/print-button';
import { SavedViews } from '../../parts/saved-views';
import { useReadSearch } from '../../parts/use-read-search';
import { DIMENSION, MEASURE } from '../../words/result-words';
import { AgainstInput } from './against-input';
import { CrossOf } from './cross';
import { daysAfter } from './period';
import { PeriodInput } from './period-input';
import { readExploreSearch, type ExploreSearch } from './search';
import { comparablePeriod, LAST_DAYS, pivotQueryOf, searchOfView, viewQueryOf } from './view-query';
import { HELP } from '../../words/help-words';
import { optionsOf } from '../../words/words';

const DATES = 'datas';

/** Any measure by any dimension; the address is the view, and is shared by sending it. */
export function ExplorePage() {
  const search = useReadSearch(readExploreSearch);
  const navigate = useNavigate();
  const [rows, columns, measure] = [search.linhas ?? 'policy', search.colunas, search.medida ?? 'win_rate'];
  const asked = pivotQueryOf(search);
  const change = (part: { [K in keyof ExploreSearch]: ExploreSearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    void navigate({ to: '/explorar', search: Object.fromEntries(merged), replace: true });
  };
  return (
    <Page
      title="Explorar"
      subtitle="Qualquer medida por qualquer dimensão. Dias do recebimento, em São Paulo."
      actions={
        <SavedViews
          page="explore"
          query={viewQueryOf(search)}
          onOpen={(query) => void navigate({ to: '/explorar', search: searchOfView(query) })}
        />
      }
    >
      <Paper p="md">
        <Group align="flex-start" className="filters">
          <Select
            label="Linhas"
            description={HELP.look.rows}
            searchable
            allowDeselect={false}
            data={optionsOf(DIMENSION)}
            value={rows}
            onChange={(linhas) => {
              change({ linhas: linhas ?? undefined });
            }}
          />
          <Select
            label="Colunas"
            description={HELP.look.columns}
            placeholder="Nenhuma"
            searchable
            clearable
            data={optionsOf(DIMENSION)}
            value={columns ?? null}
            onChange={(colunas) => {
              change({ colunas: colunas ?? undefined });
            }}
          />
          <Select
            label="Medida"
            description={HELP.look.measure}
            searchable
            allowDeselect={false}
            data={optionsOf(MEASURE)}
            value={measure}
            onChange={(medida) => {
              change({ medida: medida ?? undefined });
            }}
          />
          <Select
            label="Período"
            description={HELP.look.period}
            allowDeselect={false}
            data={[
              ...LAST_DAYS.map((days) => ({ value: days, label: `Últimos ${days} dias` })),
              { value: DATES, label: 'Entre duas datas' },
            ]}
            value={'days' in asked ? String(asked.days) : DATES}
            onChange={(dias) => {
              if (dias === DATES) change({ dias: undefined, de: daysAfter(today(), -29), ate: today() });
              else change({ dias: dias ?? undefined, de: undefined, ate: undefined });
            }}
          />
          {'from' in asked && <PeriodInput from={asked.from} to={asked.to} onChange={change} />}
          <AgainstInput
            period={comparablePeriod(search)}
            reason="Não por dias"
            value={search.contra}
            onChange={(contra) => {
              change({ contra });
            }}
          />
          <PrintButton />
        </Group>
      </Paper>
      <Paper p="md">
        <CrossOf search={search} />
      </Paper>
    </Page>
  );
}
