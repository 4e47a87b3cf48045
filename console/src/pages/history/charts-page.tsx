import { Alert, Paper, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, bodyOf, type Charts } from '../../api/client';
import { count, share, shortReais, taxpayer } from '../../format/format';
import { Panel } from '../../parts/panel';
import { Bars } from '../../parts/bars';
import { NoAuctions } from '../../parts/no-auctions';
import { OtherPeriodUnread } from '../../parts/other-period-unread';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { reasonWord } from '../../words/words';
import { AgainstInput } from '../results/against-input';
import { otherPeriod, periodInWords, type Period } from '../results/period';
import { HOURS, MARGINS, RATES, SECONDS_LEFT, TENURES, TERMS } from './auction-bars';
import { FilterBar } from './filter-bar';
import { filterOf, isFiltered, readHistorySearch, tellsWhoWins, type HistorySearch } from './history-search';
import { Proportions } from './proportions';
import { WinRate } from '../../parts/win-rate';
import { useReadSearch } from '../../parts/use-read-search';

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
  const search = useReadSearch(readHistorySearch);
  const navigate = useNavigate();
  const { de, ate } = search;
  const period = de !== undefined && ate !== undefined ? { from: de, to: ate } : undefined;
  const other = period && otherPeriod(search.contra, period);
  const query = useCharts(search);
  const before = useCharts(other && { ...search, de: other.from, ate: other.to });
  const change = (changed: HistorySearch): void => {
    void navigate({ to: '/graficos', search: changed, replace: true });
  };
  return (
    <Page title="Gráficos" subtitle="Os mesmos filtros do histórico, contados.">
      <FilterBar search={search} onChange={change}>
        <AgainstInput
          period={period}
          value={search.contra}
          onChange={(contra) => {
            const { contra: _, ...rest } = search;
            change({ ...rest, ...(contra !== undefined && { contra }) });
          }}
        />
      </FilterBar>
      <Loaded query={query} lines={10}>
        {(charts) =>
          (charts.funnel[0]?.count ?? 0) === 0 ? (
            <Paper p="md">
              <NoAuctions isFiltered={isFiltered(search)} />
            </Paper>
          ) : (
            <>
              {charts.limited_to !== null && (
                <Alert color="blue" mb="md">
                  Só os {count(charts.limited_to)} leilões mais recentes com esses filtros são contados.
                  Escolha um período menor para ver outros.
                </Alert>
              )}
              {other !== undefined && <BeforeNote query={before} other={other} />}
              <Panels charts={charts} before={before.data} search={search} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** Asked for nothing, it asks nothing. */
function useCharts(search: HistorySearch | undefined) {
  const filter = search && filterOf(search);
  return useQuery({
    queryKey: ['charts', filter],
    enabled: filter !== undefined,
    queryFn: () => bodyOf(api.GET('/api/v1/history/charts', { params: { query: filter ?? {} } })),
    staleTime: 30_000,
  });
}

/** Of what the dashed lines and the smaller figures are, or why they are not there. */
function BeforeNote({
  query: { error, data },
  other,
}: {
  readonly query: ReturnType<typeof useCharts>;
  readonly other: Period;
}) {
  if (error !== null) return <OtherPeriodUnread error={error} />;
  const limit = data?.limited_to ?? null;
  return (
    <Text size="sm" c="dimmed" mb="md">
      Mais claro, tracejado e “antes”: {periodInWords(other)}
      {limit !== null && `, só os ${count(limit)} leilões mais recentes dele`}.
    </Text>
  );
}

interface Looks {
  readonly charts: Charts;
  /** The same of the other period, where there is one. */
  readonly before: Charts | undefined;
  readonly search: HistorySearch;
}

function Panels({ charts, before, search }: Looks) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Panel title="Do pedido ao desembolso" note="Quantos chegaram a cada etapa, e quanto em reais">
        <Funnel charts={charts} before={before} />
      </Panel>
      <Panel title="Por que recusamos" note="Um leilão pode ter mais de um motivo">
        <Reasons charts={charts} before={before} search={search} />
      </Panel>
      <Panel
        title="Taxa de vitória por taxa do lance"
        note="Faixas de 0,1 ponto, com intervalo de confiança de 95%; só lances que a QI respondeu"
      >
        {tellsWhoWins(search) ? (
          <WinRate rates={charts.rates} before={before?.rates} />
        ) : (
          <Empty title="Só com ganhos e perdidos">
            O filtro de situação deixa de fora um dos dois, e a taxa seria a do filtro. Tire-o, ou escolha
            ambos.
          </Empty>
        )}
      </Panel>
      <Panel title="Taxas ganhas e perdidas" note="Distribuição dos lances com desfecho conhecido">
        <Bars chart={RATES} rows={charts.rates} before={before?.rates} />
      </Panel>
      <Panel title="Margem por taxa do lance" note={`Em reais, do que se ganhou${withoutMargin(charts)}`}>
        <Bars chart={MARGINS} rows={charts.margins} before={before?.margins} />
      </Panel>
      <Panel title="Por hora do dia" note="Horário de São Paulo">
        <Bars chart={HOURS} rows={charts.hours} before={before?.hours} />
      </Panel>
      <Panel title="Tempo que restava ao lançar" note="Do envio até o encerramento do leilão">
        <Bars chart={SECONDS_LEFT} rows={charts.seconds_left} before={before?.seconds_left} />
      </Panel>
      <Panel title="Por prazo ofertado" note="Lances aceitos e ganhos por número de parcelas">
        <Bars chart={TERMS} rows={charts.terms} before={before?.terms} />
      </Panel>
      <Panel title="Por tempo de casa" note="No emprego quando o pedido chegou: meses (m) ou anos (a) e mais">
        <Bars chart={TENURES} rows={charts.tenures} before={before?.tenures} />
      </Panel>
      <Panel title="Por empregador" note="Os que mais pediram: leilões recebidos, lances e ganhos">
        <Employers charts={charts} before={before} search={search} />
      </Panel>
    </SimpleGrid>
  );
}

function Funnel({ charts: { funnel }, before }: Omit<Looks, 'search'>) {
  return (
    <Proportions
      heading="Etapa"
      isCompared={before !== undefined}
      noteHeading="da etapa anterior"
      color="var(--mantine-primary-color-filled)"
      rows={funnel.map(({ step, count: leads, amount }, i) => {
        const stepBefore = funnel[i - 1]?.count ?? 0;
        return {
          key: step,
          name: STEP[step] ?? step,
          count: leads,
          note: stepBefore === 0 ? '' : share(leads / stepBefore),
          before: before?.funnel.find((one) => one.step === step)?.count,
          amount: shortReais(amount),
        };
      })}
    />
  );
}

const SHOWN_REASONS = 10;

function Reasons({ charts: { reasons }, before, search }: Looks) {
  if (reasons.length === 0)
    return <Empty title="Nenhuma recusa">A política não recusou nenhum dos leilões contados.</Empty>;
  return (
    <Proportions
      heading="Motivo"
      isCompared={before !== undefined}
      color="var(--mantine-color-orange-6)"
      rows={reasons.slice(0, SHOWN_REASONS).map(({ code, count: leads, amount }) => ({
        key: code,
        name: (
          <Link className="link" to="/historico" search={{ ...search, reason: code }}>
            {reasonWord(code)}
          </Link>
        ),
        count: leads,
        note: '',
        before: before?.reasons.find((one) => one.code === code)?.count,
        amount: shortReais(amount),
      }))}
    />
  );
}

function Employers({ charts: { employers }, before, search }: Looks) {
  if (employers.length === 0)
    return <Empty title="Nenhum empregador">Nenhum dos leilões contados diz quem emprega.</Empty>;
  return (
    <Proportions
      heading="Empregador"
      isCompared={before !== undefined}
      noteHeading="lances · ganhos"
      color="var(--mantine-color-blue-6)"
      rows={employers.map(({ mark, document_number: document, received, bid, won, amount }) => ({
        key: mark,
        name: (
          <Link className="link" to="/historico" search={{ ...search, employer: mark }}>
            {taxpayer(document)}
          </Link>
        ),
        count: received,
        note: `${count(bid)} · ${count(won)}`,
        before: before?.employers.find((one) => one.mark === mark)?.received,
        amount: shortReais(amount),
      }))}
    />
  );
}

const withoutMargin = ({ won_without_margin: n }: Charts): string =>
  n === 0 ? '' : `; ${count(n)} ${n === 1 ? 'ganho' : 'ganhos'} sem margem calculada`;
