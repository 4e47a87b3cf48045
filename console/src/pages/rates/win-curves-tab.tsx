import { Group, Paper, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type WinCurves } from '../../api/client';
import { OtherPeriodUnread } from '../../parts/other-period-unread';
import { Panel } from '../../parts/panel';
import { Empty, Loaded } from '../../parts/states';
import { WinRate, type WonByRate } from '../../parts/win-rate';
import { DIMENSION, keyInWords } from '../../words/result-words';
import { optionsOf } from '../../words/words';
import { AgainstInput } from '../results/against-input';
import { otherPeriod, type Period } from '../results/period';
import { CURVE_DIMENSIONS } from '../results/search';
import type { RateTabProps } from './rate-tab';
import { RateBands } from './rate-bands';
import { Segments, type Segment } from './segments';
import { WinnersCurse } from './winners-curse';
import { HELP } from '../../words/help-words';

/** How often each rate wins, where we stand, and what came of what was won. */
export function WinCurvesTab({ from, to, search, change }: RateTabProps) {
  const period = { from, to };
  const other = otherPeriod(search.contra, period);
  const query = useWinCurves(search.por, period);
  const before = useWinCurves(search.por, other);
  return (
    <Stack>
      <Group align="flex-start" className="filters">
        <Select
          label="Separar por"
          description={HELP.look.apart}
          placeholder="Tudo junto"
          clearable
          data={optionsOf(DIMENSION, CURVE_DIMENSIONS)}
          value={search.por ?? null}
          onChange={(por) => {
            change({ por: CURVE_DIMENSIONS.find((name) => name === por), faixa: undefined });
          }}
        />
        <AgainstInput
          period={period}
          value={search.contra}
          onChange={(contra) => {
            change({ contra });
          }}
        />
      </Group>
      {before.error !== null && <OtherPeriodUnread error={before.error} />}
      <Loaded query={query} lines={10}>
        {(curves) =>
          curves.segments.length === 0 ? (
            <Paper p="md">
              <Empty title="Nenhum leilão terminado no período">Aumente o período.</Empty>
            </Paper>
          ) : (
            <Curves
              curves={curves}
              before={before.data}
              chosen={search.faixa}
              onChoose={(faixa) => {
                change({ faixa });
              }}
            />
          )
        }
      </Loaded>
    </Stack>
  );
}

/** Asked for no period, it asks nothing. */
function useWinCurves(by: RateTabProps['search']['por'], period: Period | undefined) {
  return useQuery({
    queryKey: ['win-curve', by, period],
    enabled: period !== undefined,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/history/win-curve', { params: { query: { ...period, ...(by && { by }) } } })),
  });
}

function Curves({
  curves: { by, segments, by_rank: byRank },
  before,
  chosen,
  onChoose,
}: {
  readonly curves: WinCurves;
  /** Of another period. */
  readonly before: WinCurves | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}) {
  const nameOf = ({ key }: Segment): string => (by === null ? 'Todos os lances' : keyInWords(by, key));
  const shown = segments.find(({ key }) => key === chosen) ?? mostEnded(segments);
  const then = before?.segments.find(({ key }) => key === shown?.key);
  return (
    <Stack>
      <Panel
        title="Onde estamos"
        note="A distância ao rival mais barato é estimada pela parcela ganha em cada taxa, e é o mínimo: além das taxas que já ofertamos nada se sabe. Menos de 200 leilões não dizem a distância. O pedido não traz o porte do empregador."
      >
        <Segments segments={segments} nameOf={nameOf} shown={shown} onChoose={onChoose} />
      </Panel>
      {shown !== undefined && (
        <Panel
          title={`Curva de vitória: ${nameOf(shown)}`}
          note="Parcela ganha por faixa de 0,10 ponto da nossa taxa, com 95% de confiança. Só contam lances que a QI respondeu"
        >
          <WinRate rates={wonByRate(shown)} before={before && wonByRate(then)} />
          <RateBands bands={shown.bands} />
        </Panel>
      )}
      {shown !== undefined && (
        <Panel
          title="Maldição do vencedor"
          note="Se o que se ganha com mais facilidade paga pior do que se esperava, os outros sabiam algo. Por faixa de taxa e por posição: um ganho de trás é um que os outros deixaram passar."
        >
          <WinnersCurse bands={shown.bands} byRank={byRank} />
        </Panel>
      )}
    </Stack>
  );
}

const wonByRate = (segment: Segment | undefined): readonly WonByRate[] =>
  (segment?.bands ?? []).map(({ rate, answered, win_rate: { value, low, high } }) => ({
    from: rate,
    answered,
    win_rate: value === null ? null : Number(value),
    low,
    high,
  }));

function mostEnded(segments: readonly Segment[]): Segment | undefined {
  return segments.toSorted((a, b) => b.won + b.lost - a.won - a.lost)[0];
}
