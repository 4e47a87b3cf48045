import { Alert, Group, Paper, Select, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, bodyOf } from '../../api/client';
import { count, today } from '../../format/format';
import { Panel } from '../../parts/panel';
import { OtherPeriodUnread } from '../../parts/other-period-unread';
import { Page } from '../../parts/page';
import { PrintButton } from '../../parts/print-button';
import { Empty, Loaded } from '../../parts/states';
import { useReadSearch } from '../../parts/use-read-search';
import { DIMENSION, WITHOUT_MARGIN } from '../../words/result-words';
import { optionsOf, wordOf } from '../../words/words';
import { AgainstInput } from './against-input';
import { ComparedTotals } from './compared-totals';
import { FundingLeft } from './funding-left';
import type { DatedLooks } from './looks';
import { MarginBars } from './margin-bars';
import { OutcomeImport } from './outcome-import';
import { daysAfter, otherPeriod, periodInWords, type Period } from './period';
import { PeriodInput } from './period-input';
import { RateShift } from './rate-shift';
import { ResultLines } from './result-lines';
import { readResultSearch, type ResultSearch } from './search';
import { Vintages } from './vintages';
import { Waterfall } from './waterfall';
import { HELP } from '../../words/help-words';

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

/** What was earned: expected and realised, part by part, from the request to the margin. */
export function ResultsPage() {
  const search = useReadSearch(readResultSearch);
  const navigate = useNavigate();
  const by = BY.find((name) => name === search.por) ?? 'day';
  const [from, to] = [search.de ?? daysAfter(today(), -29), search.ate ?? today()];
  const period = { from, to };
  const other = otherPeriod(search.contra, period);
  const query = useResults(by, period, search.politica);
  const before = useResults(by, other, search.politica);
  const change = (part: { [K in keyof ResultSearch]: ResultSearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    void navigate({ to: '/resultado', search: Object.fromEntries(merged), replace: true });
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
        <Group align="flex-start" className="filters">
          <PeriodInput from={from} to={to} onChange={change} />
          <Select
            label="Por"
            description={HELP.look.by}
            allowDeselect={false}
            data={optionsOf(DIMENSION, BY)}
            value={by}
            onChange={(por) => {
              if (por !== null) change({ por });
            }}
          />
          <AgainstInput
            period={period}
            value={search.contra}
            onChange={(contra) => {
              change({ contra });
            }}
          />
          <PrintButton />
        </Group>
      </Paper>
      {other !== undefined && (
        <ComparedTotals
          title={`Em relação a ${periodInWords(other)}`}
          measures={COMPARED}
          heads={['Neste período', 'No outro']}
          query={{
            a_from: from,
            a_to: to,
            b_from: other.from,
            b_to: other.to,
            ...(search.politica && { a_policy: search.politica, b_policy: search.politica }),
          }}
        />
      )}
      {before.error !== null && <OtherPeriodUnread error={before.error} />}
      <Loaded query={query} lines={10}>
        {(results) =>
          results.waterfall[0]?.count === 0 ? (
            <Paper p="md">
              <Empty title="Nenhum pedido no período">Aumente o período.</Empty>
            </Paper>
          ) : (
            <Panels results={results} before={before.data} period={period} other={other} />
          )
        }
      </Loaded>
      <RateShift from={from} to={to} policy={search.politica} />
      <FundingLeft />
      <OutcomeImport />
    </Page>
  );
}

/** What is said of the whole of two periods, with the interval of a share. */
const COMPARED = [
  'requests',
  'win_rate',
  'won_amount',
  'paid_amount',
  'expected_margin',
  'realised_margin',
  'margin_rate',
  'first_paid',
] as const;

/** Asked for no period, it asks nothing. */
function useResults(by: (typeof BY)[number], period: Period | undefined, policy: string | undefined) {
  return useQuery({
    queryKey: ['results', by, period, policy],
    enabled: period !== undefined,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/results', {
          params: { query: { by, ...period, ...(policy && { policy }) } },
        }),
      ),
  });
}

function Panels(looks: DatedLooks) {
  const { results, before } = looks;
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
          <Waterfall results={results} before={before} />
        </Panel>
        <Panel
          title="Margem por período ou grupo"
          note="Realizada, do que se desembolsou; esperada, do que se ganhou"
        >
          <MarginBars {...looks} />
        </Panel>
      </SimpleGrid>
      <Panel
        title={`Por ${wordOf(DIMENSION, results.by).toLowerCase()}`}
        note="n é em quantos contratos o número se apoia"
      >
        <ResultLines {...looks} />
      </Panel>
      <Panel
        title="Safras depois do desembolso"
        note="Do que o servicer informou: primeira parcela paga, das que já venceram, e a perda de quem já terminou"
      >
        <Vintages results={results} />
      </Panel>
    </Stack>
  );
}
