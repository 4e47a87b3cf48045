import { Alert, Paper, SimpleGrid } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, bodyOf, type Charts } from '../../api/client';
import { count, percent, share, shortReais, taxpayer } from '../../format/format';
import { Panel } from '../../parts/panel';
import { Bars, type BarChart } from '../../parts/bars';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { reasonWord } from '../../words/words';
import { withEmptyMargins, withEmptyRates, withEmptySeconds } from './empty-bins';
import { FilterBar } from './filter-bar';
import { filterOf, type HistorySearch } from './history-search';
import { Proportions } from './proportions';
import { WinRate } from '../../parts/win-rate';

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
            <>
              {charts.limited_to !== null && (
                <Alert color="blue" mb="md">
                  Só os {count(charts.limited_to)} leilões mais recentes com esses filtros são contados.
                  Escolha um período menor para ver outros.
                </Alert>
              )}
              <Panels charts={charts} search={search} />
            </>
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
        <WinRate rates={charts.rates} />
      </Panel>
      <Panel title="Taxas ganhas e perdidas" note="Distribuição dos lances com desfecho conhecido">
        <Bars chart={RATES} rows={withEmptyRates(charts.rates)} />
      </Panel>
      <Panel title="Margem por taxa do lance" note={`Em reais, do que se ganhou${withoutMargin(charts)}`}>
        <Bars chart={MARGINS} rows={withEmptyMargins(charts.margins)} />
      </Panel>
      <Panel title="Por hora do dia" note="Horário de São Paulo">
        <Hours charts={charts} />
      </Panel>
      <Panel title="Tempo que restava ao lançar" note="Do envio até o encerramento do leilão">
        <Bars chart={SECONDS_LEFT} rows={withEmptySeconds(charts.seconds_left)} />
      </Panel>
      <Panel title="Por prazo ofertado" note="Lances aceitos e ganhos por número de parcelas">
        <Bars chart={TERMS} rows={charts.terms} />
      </Panel>
      <Panel title="Por tempo de casa" note="No emprego quando o pedido chegou: meses (m) ou anos (a) e mais">
        <Bars chart={TENURES} rows={charts.tenures} />
      </Panel>
      <Panel title="Por empregador" note="Os que mais pediram: leilões recebidos, lances e ganhos">
        <Employers charts={charts} search={search} />
      </Panel>
    </SimpleGrid>
  );
}

function Funnel({ charts: { funnel } }: { readonly charts: Charts }) {
  return (
    <Proportions
      heading="Etapa"
      noteHeading="da etapa anterior"
      color="var(--mantine-primary-color-filled)"
      rows={funnel.map(({ step, count: leads, amount }, i) => {
        const before = funnel[i - 1]?.count ?? 0;
        return {
          key: step,
          name: STEP[step] ?? step,
          count: leads,
          note: before === 0 ? '' : share(leads / before),
          amount: shortReais(amount),
        };
      })}
    />
  );
}

interface Searched {
  readonly charts: Charts;
  readonly search: HistorySearch;
}

const SHOWN_REASONS = 10;

function Reasons({ charts: { reasons }, search }: Searched) {
  if (reasons.length === 0) return <Empty title="Nenhuma recusa" />;
  return (
    <Proportions
      heading="Motivo"
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
        amount: shortReais(amount),
      }))}
    />
  );
}

function Employers({ charts: { employers }, search }: Searched) {
  if (employers.length === 0) return <Empty title="Nenhum empregador" />;
  return (
    <Proportions
      heading="Empregador"
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
        amount: shortReais(amount),
      }))}
    />
  );
}

const RATES: BarChart<Charts['rates'][number]> = {
  label: 'Lances ganhos e perdidos por faixa de taxa mensal',
  name: ({ from }) => percent(from),
  stacked: true,
  series: [
    { name: 'Ganhos', color: 'main', value: ({ won }) => won },
    { name: 'Perdidos', color: 'muted', value: ({ lost }) => lost },
  ],
};

const MARGINS: BarChart<Charts['margins'][number]> = {
  label: 'Margem esperada e realizada, em reais, por faixa de taxa mensal',
  name: ({ from }) => percent(from),
  series: [
    { name: 'Esperada', color: 'muted', value: ({ expected }) => Number(expected) },
    { name: 'Realizada', color: 'main', value: ({ realised }) => Number(realised) },
  ],
};

const withoutMargin = ({ won_without_margin: n }: Charts): string =>
  n === 0 ? '' : `; ${count(n)} ${n === 1 ? 'ganho' : 'ganhos'} sem margem calculada`;

type Hour = Charts['hours'][number];
const COUNTS: BarChart<Omit<Hour, 'hour'>>['series'] = [
  { name: 'Recebidos', color: 'muted', value: ({ received }) => received },
  { name: 'Lances', color: 'second', value: ({ bid }) => bid },
  { name: 'Ganhos', color: 'main', value: ({ won }) => won },
];

const HOURS: BarChart<Hour> = {
  label: 'Leilões por hora do dia',
  name: ({ hour }) => `${String(hour)}h`,
  series: COUNTS,
};

function Hours({ charts: { hours } }: { readonly charts: Charts }) {
  const rows = useMemo(() => {
    const at = new Map(hours.map((hour) => [hour.hour, hour]));
    return Array.from({ length: 24 }, (_, hour) => at.get(hour) ?? { hour, received: 0, bid: 0, won: 0 });
  }, [hours]);
  return <Bars chart={HOURS} rows={rows} />;
}

const TENURES: BarChart<Charts['tenures'][number]> = {
  label: 'Leilões por tempo no emprego',
  name: ({ from_months: months }) => (months < 12 ? `${String(months)} m+` : `${String(months / 12)} a+`),
  series: COUNTS,
};

const SECONDS_LEFT: BarChart<Charts['seconds_left'][number]> = {
  label: 'Segundos que restavam quando o lance foi enviado',
  name: ({ from }) => `${String(from)}–${String(from + 5)} s`,
  series: [{ name: 'Lances', color: 'second', value: ({ bids }) => bids }],
};

const TERMS: BarChart<Charts['terms'][number]> = {
  label: 'Lances por prazo',
  name: ({ term }) => `${String(term)}x`,
  series: [
    { name: 'Lances', color: 'muted', value: ({ bid }) => bid },
    { name: 'Ganhos', color: 'main', value: ({ won }) => won },
  ],
};
