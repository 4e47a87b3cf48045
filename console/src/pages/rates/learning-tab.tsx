import { Paper, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type RateModels } from '../../api/client';
import { count, date, dateTime } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { Panel } from '../../parts/panel';
import { Empty, Loaded } from '../../parts/states';
import { RATE_REFUSAL, RATE_RUN_STATE } from '../../words/rate-words';
import { wordOf } from '../../words/words';
import { LearningState } from './learning-state';
import { ModelVersion } from './model-version';
import { ModelVersions } from './model-versions';

/** A colleague, or what watches over the rates, may send them back to the table any moment. */
const POLL_MS = 10_000;

/** Whether rates are learnt and bid, the versions, and what each would bid. */
export function LearningTab() {
  const [chosen, choose] = useState<string>();
  const query = useQuery({
    queryKey: ['rate-models'],
    queryFn: () => bodyOf(api.GET('/api/v1/rate-models')),
    refetchInterval: POLL_MS,
  });
  return (
    <Loaded query={query} lines={10}>
      {(models) => {
        const shown = chosen ?? models.versions[0]?.hash;
        if (models.learning === null && models.versions.length === 0)
          return (
            <Paper p="md">
              <Empty title="A política ativa não deixa aprender taxas">
                Todos os lances saem da tabela. O mandato de aprendizado é uma seção da{' '}
                <Link to="/politica" className="link">
                  política
                </Link>
                , aprovada por duas pessoas.
              </Empty>
            </Paper>
          );
        return (
          <Stack>
            <LearningState models={models} />
            <ModelVersions models={models} shown={shown} onChoose={choose} />
            {shown !== undefined && <ModelVersion hash={shown} />}
            <Nights runs={models.runs} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Nights({ runs }: { readonly runs: RateModels['runs'] }) {
  return (
    <Panel title="Noites de aprendizado" note="O que veio de cada noite: uma versão, ou por que não">
      {runs.length === 0 ? (
        <Empty title="Nenhuma noite ainda">
          O aprendizado roda uma vez por noite; a primeira aparece aqui na manhã seguinte.
        </Empty>
      ) : (
        <FigureTable
          label="Noites de aprendizado"
          head={`Dia aprendido (${count(runs.length)})`}
          rows={runs}
          nameOf={({ day, policy }) => `${date(day)}, política ${policy.slice(0, 8)}`}
          columns={[
            { label: 'O que veio', cell: ({ state }) => wordOf(RATE_RUN_STATE, state) },
            {
              label: 'Por quê',
              cell: ({ reason }) => (reason === null ? '–' : wordOf(RATE_REFUSAL, reason)),
            },
            { label: 'Pedido por', cell: ({ ordered_by: by }) => by ?? 'rotina da noite' },
            { label: 'Terminou', cell: ({ finished_at: at }) => dateTime(at) },
          ]}
        />
      )}
    </Panel>
  );
}
