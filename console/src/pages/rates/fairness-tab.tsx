import { Alert, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Fairness } from '../../api/client';
import { count, dateTime, decimal, monthlyRate, share } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { Panel } from '../../parts/panel';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { ageInWords, FAIRNESS_GROUP, REGION } from '../../words/fairness-words';
import { optionsOf, wordOf } from '../../words/words';
import { FAIRNESS_GROUPS } from '../results/search';
import type { RateTabProps } from './rate-tab';
import { SheetDownload } from './sheet-download';
import { HELP } from '../../words/help-words';

type FairGroup = Fairness['groups'][number];

/** Rates bid and requests declined by age and region: measured, never used. */
export function FairnessTab({ from, to, search, change }: RateTabProps) {
  const { may } = useSession();
  const by = search.grupo ?? 'age';
  const query = useQuery({
    queryKey: ['fairness', by, from, to],
    queryFn: () => bodyOf(api.GET('/api/v1/history/fairness', { params: { query: { by, from, to } } })),
  });
  return (
    <Panel
      title="Taxas e recusas por grupo"
      note="Medido, nunca usado para decidir. Grupos de menos de 20 decisões não são mostrados. Não explicado: distância média da taxa à de todos com a mesma linha de preço da mesma versão, ou seja, do mesmo valor, prazo e tempo de casa."
    >
      <Stack>
        <Group align="flex-start" className="filters">
          <Select
            label="Grupos"
            description={HELP.look.groups}
            allowDeselect={false}
            data={optionsOf(FAIRNESS_GROUP, FAIRNESS_GROUPS)}
            value={by}
            onChange={(grupo) => {
              change({ grupo: FAIRNESS_GROUPS.find((name) => name === grupo) });
            }}
          />
          {may('exports.create') && (
            <SheetDownload
              name={`equidade-${by}`}
              get={(format) =>
                api.GET('/api/v1/history/fairness/file', {
                  params: { query: { by, from, to, format } },
                  parseAs: 'blob',
                })
              }
            />
          )}
        </Group>
        <Loaded query={query}>{(report) => <Groups report={report} />}</Loaded>
      </Stack>
    </Panel>
  );
}

/** What amount, term and tenure do not explain is for the committee from here on. */
const FOR_THE_COMMITTEE_BP = 5;
const isLarge = ({ unexplained }: FairGroup): boolean =>
  unexplained !== null &&
  Math.abs(unexplained.mean) > FOR_THE_COMMITTEE_BP &&
  (unexplained.low > 0 || unexplained.high < 0);

function Groups({ report }: { readonly report: Fairness }) {
  const { by, groups, looked_at: looked, suppressed, limited_to: limit } = report;
  const nameOf = ({ group }: FairGroup): string =>
    group === null ? 'não se sabe' : by === 'age' ? ageInWords(group) : wordOf(REGION, group);
  if (groups.length === 0)
    return (
      <Stack>
        <Erased report={report} />
        <Empty title="Nenhum grupo tem 20 decisões no período">
          Aumente o período: com menos, nada se distingue do acaso.
        </Empty>
      </Stack>
    );
  const large = groups.filter(isLarge).map(nameOf);
  return (
    <Stack>
      <Erased report={report} />
      {limit !== null && (
        <Alert color="blue">
          Só as {count(limit)} decisões mais novas do período são contadas, recebidas desde{' '}
          {dateTime(report.looked_from)}. Escolha um período menor para ver outras.
        </Alert>
      )}
      {large.length > 0 && (
        <Alert color="yellow" title="Diferença de mais de 5 pontos-base sem explicação: leve ao comitê">
          {large.join('; ')}
        </Alert>
      )}
      <FigureTable
        label="Taxas e recusas por grupo"
        head={`${wordOf(FAIRNESS_GROUP, by)} (${count(looked)} decisões, ${count(suppressed)} grupos pequenos de fora)`}
        rows={groups}
        nameOf={nameOf}
        columns={[
          { label: 'Decisões', cell: ({ decisions }) => count(decisions) },
          {
            label: 'Recusados',
            cell: ({ declined }) =>
              `${share(declined.share)} (${share(declined.low)} a ${share(declined.high)})`,
          },
          { label: 'Lances', cell: ({ bids }) => count(bids) },
          { label: 'Taxa média', cell: ({ mean_rate: rate }) => monthlyRate(rate) },
          {
            label: 'Não explicado',
            cell: ({ unexplained: left }) =>
              left === null ? '–' : `${tenth(left.mean)} pb (${tenth(left.low)} a ${tenth(left.high)})`,
          },
        ]}
      />
    </Stack>
  );
}

/** Of what came before, the winners alone are left. */
function Erased({ report: { kept_after: keptAfter } }: { readonly report: Fairness }) {
  if (keptAfter === null) return null;
  return (
    <Alert color="blue">
      Só decisões recebidas depois de {dateTime(keptAfter)} são contadas: antes, os dados de pedidos que não
      ganhamos já foram apagados, e restam só os dos ganhos.
    </Alert>
  );
}

const tenth = (value: number): string => decimal(value.toFixed(1), 1);
