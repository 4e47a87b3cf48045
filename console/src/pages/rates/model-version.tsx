import { Alert, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type RateModel } from '../../api/client';
import { count, decimal, percent, reais, share } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { Panel } from '../../parts/panel';
import { Empty, Loaded } from '../../parts/states';
import { RATE_PRICED_PER } from '../../words/rate-words';
import { wordOf } from '../../words/words';

type Cell = RateModel['cells'][number];

/** A version cell by cell beside the table of the policy and the version before, and how well it predicts. */
export function ModelVersion({ hash }: { readonly hash: string }) {
  const query = useQuery({
    queryKey: ['rate-models', hash],
    queryFn: () => bodyOf(api.GET('/api/v1/rate-models/{hash}', { params: { path: { hash } } })),
  });
  return (
    <Loaded query={query} lines={8}>
      {(model) => (
        <Stack>
          {!model.verified && (
            <Alert color="red" title="A versão foi alterada no banco: não é usada em lance nenhum" />
          )}
          <Panel
            title={`Versão nº ${count(model.number)}, célula a célula`}
            note={`A taxa da tabela, a aprendida e a diferença; a da versão anterior entre parênteses. Preço do dinheiro escasso: ${priceInWords(model)}.`}
          >
            <Cells cells={model.cells} />
          </Panel>
          <Panel
            title="Calibração"
            note="Quintos dos últimos lances pela chance prevista de ganhar: prevista e acontecida"
          >
            <Calibration groups={model.figures.calibration} />
          </Panel>
        </Stack>
      )}
    </Loaded>
  );
}

/** Reais of margin that each real must bring, from none to all of the day's money asked for. */
function priceInWords({ prices, priced_per: per }: Pick<RateModel, 'prices' | 'priced_per'>): string {
  const last = prices.at(-1);
  if (last === undefined || prices.length < 2)
    return 'nenhum: não há teto do dia, ele basta, ou os lances que saem da tabela já o tomam';
  return `de ${percent(prices[0])} a ${percent(last)} do ${wordOf(RATE_PRICED_PER, per)}, conforme o que resta do teto do dia`;
}

/** Those that may not learn are the table's: they are counted, not shown. */
function Cells({ cells: all }: { readonly cells: readonly Cell[] }) {
  const cells = all.filter(({ floor_bp: floor, ceiling_bp: ceiling }) => floor < ceiling);
  if (cells.length === 0)
    return (
      <Empty title="Nenhuma célula pode aprender">
        As linhas que podem aprender são escolhidas na política, em Limites.
      </Empty>
    );
  const nameOf = ({ bands, cell }: Cell): string =>
    bands.length === 0 ? `célula ${count(cell)}` : bands.join('; ');
  return (
    <FigureTable
      label="Taxas por célula"
      head={`Célula (${count(cells.length)}; outras ${count(all.length - cells.length)} ficam na tabela)`}
      rows={cells}
      nameOf={nameOf}
      columns={[
        { label: 'Linha da tabela', cell: ({ price_row: row }) => row ?? '–' },
        { label: 'Tabela', cell: ({ reference_bp: reference }) => rate(reference) },
        {
          label: 'Aprendida, por degrau de valor',
          cell: ({ rates }) => [...new Set(rates.map(besideBefore))].join(', '),
        },
        { label: 'Diferença da tabela', cell: (cell) => difference(cell) },
        {
          label: 'Piso e teto',
          cell: ({ floor_bp: floor, ceiling_bp: ceiling }) => `${rate(floor)} a ${rate(ceiling)}`,
        },
        { label: 'Testes', cell: (cell) => trials(cell) },
        { label: 'Chance prevista', cell: ({ win }) => share(win, 1) },
        { label: 'Margem esperada de um pedido', cell: ({ margin }) => reais(margin) },
      ]}
      minWidth={1100}
    />
  );
}

function Calibration({ groups }: { readonly groups: RateModel['figures']['calibration'] }) {
  if (groups.length === 0)
    return (
      <Empty title="Ainda sem lances para conferir">
        Com os primeiros desfechos, o previsto aparece ao lado do visto.
      </Empty>
    );
  return (
    <FigureTable
      label="Calibração"
      head="Quinto"
      rows={groups.map((group, at) => ({ ...group, at }))}
      nameOf={({ at }) => `${count(at + 1)}º`}
      columns={[
        { label: 'Lances', cell: ({ bids }) => count(bids) },
        { label: 'Previsto', cell: ({ predicted }) => share(predicted, 1) },
        { label: 'Aconteceu', cell: ({ came }) => share(came, 1) },
      ]}
      minWidth={480}
    />
  );
}

function besideBefore({ rate_bp: now, before_bp: before }: Cell['rates'][number]): string {
  return before === null || before === now ? rate(now) : `${rate(now)} (${rate(before)})`;
}

/** Whole basis points as a percentage. */
function rate(bp: number | null): string {
  return bp === null ? 'sem lance' : percent((bp / 10_000).toFixed(4));
}

function difference({ rates, reference_bp: reference }: Cell): string {
  const known = rates.flatMap(({ rate_bp: now }) => now ?? []);
  if (reference === null || known.length === 0) return '–';
  const [low, high] = [Math.min(...known) - reference, Math.max(...known) - reference];
  const words = (points: number): string => `${points > 0 ? '+' : ''}${decimal(String(points), 0)}`;
  return low === high ? `${words(low)} pb` : `${words(low)} a ${words(high)} pb`;
}

/** Share of bids that are made beside the best rate known, and how far. */
function trials({ step_bp: step, propensities }: Cell): string {
  const centre = propensities[2] ?? 10_000;
  return step === 0 || centre === 10_000
    ? 'nenhum'
    : `${share((10_000 - centre) / 10_000, 0)} a ${count(step)} e ${count(2 * step)} pb`;
}
