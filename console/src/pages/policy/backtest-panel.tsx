import { Alert, Badge, Button, Group, Paper, Progress, Select, Stack, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Backtest, type PolicyVersion } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { DAY_MS } from '../../format/durations';
import { count, dateTime, dayOf } from '../../format/format';
import { ActionButton } from '../../parts/action-button';
import { Empty, Loaded } from '../../parts/states';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { filterOf } from '../history/history-search';
import { actorWord } from '../../words/words';
import { HELP } from '../../words/help-words';
import { BacktestFigures } from './backtest-figures';
import { readFigures } from './backtest-report';
import { isUnderWay, TriedOn, useBacktests } from './backtests';

const STATE: Readonly<Record<Backtest['state'], readonly [string, string]>> = {
  queued: ['na fila', 'gray'],
  running: ['em andamento', 'blue'],
  done: ['pronto', 'teal'],
  failed: ['falhou', 'red'],
  canceled: ['cancelado', 'gray'],
};
const ACTIVE = 'active';

/** A day in São Paulo, some days ago, as dates are written in addresses. */
function daysAgo(days: number): string {
  return dayOf(new Date(Date.now() - days * DAY_MS));
}

/** What this version would have done with the requests of a period, beside another. */
export function BacktestPanel({
  version,
  isChanged,
}: {
  readonly version: PolicyVersion;
  readonly isChanged: boolean;
}) {
  const { may } = useSession();
  const query = useBacktests(version);
  return (
    <Stack>
      {may('policies.test') && <Order version={version} isChanged={isChanged} />}
      <Loaded query={query}>
        {({ items, activation }) =>
          items.length === 0 ? (
            <Empty title="Nenhum relatório de impacto deste conteúdo">
              A ativação exige um: o que esta versão teria feito com pedidos já recebidos.
            </Empty>
          ) : (
            <Stack>
              <TriedOn activation={activation} />
              {items.map((report) => (
                <Report key={report.id} report={report} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Order({ version, isChanged }: { readonly version: PolicyVersion; readonly isChanged: boolean }) {
  const queries = useQueryClient();
  const [period, setPeriod] = useState<[string | null, string | null]>([daysAgo(6), daysAgo(0)]);
  const [against, setAgainst] = useState(ACTIVE);
  const versions = useQuery({
    queryKey: ['policies'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies', { params: { query: { limit: 100 } } })),
  });
  const start = useMutation({
    mutationFn: () => {
      const [de, ate] = period;
      const { received_from = '', received_before = '' } = filterOf({
        de: de ?? daysAgo(0),
        ate: ate ?? de ?? daysAgo(0),
      });
      return bodyOf(
        api.POST('/api/v1/policies/{number}/backtests', {
          params: { path: { number: version.number } },
          body: {
            received_from: new Date(received_from).toISOString(),
            received_before: new Date(received_before).toISOString(),
            ...(against !== ACTIVE && { against: Number(against) }),
          },
        }),
      );
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['backtests'] }), error),
  });
  const others = (versions.data?.items ?? []).filter(
    ({ number, state }) => number !== version.number && state !== 'draft' && state !== 'active',
  );
  return (
    <>
      <Group align="flex-end">
        <DatePickerInput
          type="range"
          label="Pedidos recebidos"
          description={HELP.policy.backtestPeriod}
          valueFormat="DD/MM/YYYY"
          allowSingleDateInRange
          w={240}
          value={period}
          onChange={setPeriod}
        />
        <Select
          label="Ao lado de"
          description={HELP.policy.backtestBeside}
          w={300}
          allowDeselect={false}
          data={[
            { value: ACTIVE, label: 'A versão ativa' },
            ...others.map(({ number, name }) => ({
              value: String(number),
              label: `Versão ${String(number)} · ${name}`,
            })),
          ]}
          value={against}
          onChange={(chosen) => {
            setAgainst(chosen ?? ACTIVE);
          }}
        />
        <Button
          loading={start.isPending}
          disabled={period[0] === null || isChanged}
          onClick={() => {
            start.mutate();
          }}
        >
          Medir o impacto
        </Button>
        {isChanged && (
          <Text size="sm" c="dimmed">
            Salve antes: mede-se o que está guardado.
          </Text>
        )}
      </Group>
      {start.error !== null && (
        <Alert color="red" role="alert">
          {sentenceOf(start.error)}
        </Alert>
      )}
    </>
  );
}

function Report({ report }: { readonly report: Backtest }) {
  const [word, color] = STATE[report.state];
  const figures = readFigures(report.figures);
  return (
    <Paper p="md" data-backtest={report.state}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="sm">
            <Badge variant="light" color={color} tt="none">
              {word}
            </Badge>
            <Text size="sm">
              {dateTime(report.received_from)} a {dateTime(report.received_before)} ·{' '}
              {count(report.requests_done)}
              {report.requests_total !== null && ` de ${count(report.requests_total)}`} pedidos
            </Text>
          </Group>
          <Group gap="sm">
            <Text size="sm" c="dimmed">
              {actorWord(report.requested_by)}, {dateTime(report.requested_at)}
            </Text>
            {isUnderWay(report) && <Cancel id={report.id} />}
          </Group>
        </Group>
        {isUnderWay(report) && (
          <Progress
            value={(report.requests_done / Math.max(1, report.requests_total ?? 1)) * 100}
            animated
            aria-label="Andamento"
          />
        )}
        {report.failure !== null && (
          <Alert color="red" role="alert">
            {report.failure}
          </Alert>
        )}
        {figures !== undefined && <BacktestFigures figures={figures} />}
      </Stack>
    </Paper>
  );
}

function Cancel({ id }: { readonly id: string }) {
  const { may } = useSession();
  if (!may('policies.test')) return null;
  return (
    <ActionButton
      act={() => api.POST('/api/v1/policies/backtests/{id}/cancel', { params: { path: { id } } })}
      stale={[['backtests']]}
    >
      Cancelar
    </ActionButton>
  );
}
