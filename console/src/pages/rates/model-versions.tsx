import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { api, type RateModels } from '../../api/client';
import { count, date, decimal, reais, share } from '../../format/format';
import { FigureTable } from '../../parts/figure-table';
import { Panel } from '../../parts/panel';
import { Empty } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { RATE_STAGE, RATE_VERSION_STATE, RATE_WAIT } from '../../words/rate-words';
import { wordOf } from '../../words/words';
import { RateDeed } from './rate-deed';
import { isOfActivePolicy } from './rates-in-use';

type Version = RateModels['versions'][number];

/** The versions, newest first: how far each came, and what its night found. */
export function ModelVersions({
  models,
  shown,
  onChoose,
}: {
  readonly models: RateModels;
  readonly shown: string | undefined;
  readonly onChoose: (hash: string) => void;
}) {
  const { versions } = models;
  const { may } = useSession();
  const [approving, approve] = useState<Version>();
  return (
    <Panel
      title="Versões"
      note="Cada noite faz uma versão a partir dos fins conhecidos. Dentro do mandato ela vale por si; fora dele, ou depois de um alarme, espera por quem aprova."
    >
      {versions.length === 0 ? (
        <Empty title="Nenhuma versão ainda">A primeira sai da primeira noite de aprendizado.</Empty>
      ) : (
        <FigureTable
          label="Versões das taxas"
          head="Versão"
          rows={versions}
          nameOf={({ number }) => `nº ${count(number)}`}
          columns={[
            { label: 'Situação', cell: (version) => stateInWords(version, models) },
            {
              label: 'Etapa',
              cell: ({ stage, stage_since: since }) => `${wordOf(RATE_STAGE, stage)}, desde ${date(since)}`,
            },
            { label: 'Aprendida até', cell: ({ trained_through: day }) => date(day) },
            { label: 'Lances', cell: ({ figures }) => count(figures.bids) },
            {
              label: 'Erro de calibração',
              cell: ({ figures }) =>
                `${share(figures.calibration_error, 1)} (n = ${count(figures.calibrated)})`,
            },
            {
              label: 'Margem por pedido sobre o controle',
              cell: ({ figures: { margin } }) =>
                margin === null
                  ? '–'
                  : `${reais(margin.mean.toFixed(2))} (${reais(margin.low.toFixed(2))} a ${reais(margin.high.toFixed(2))})`,
            },
            {
              label: 'Mudança média',
              cell: ({ figures }) => `${decimal(figures.mean_move_bp.toFixed(1), 1)} pb`,
            },
            {
              label: 'O que faz',
              cell: (version) => (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <Button
                    size="compact-xs"
                    variant={version.hash === shown ? 'light' : 'default'}
                    aria-label={`Ver a versão nº ${count(version.number)}`}
                    aria-pressed={version.hash === shown}
                    onClick={() => {
                      onChoose(version.hash);
                    }}
                  >
                    Ver
                  </Button>
                  {version.state === 'waiting' && may('policies.approve') && (
                    <Button
                      size="compact-xs"
                      aria-label={`Aprovar a versão nº ${count(version.number)}`}
                      onClick={() => {
                        onChoose(version.hash);
                        approve(version);
                      }}
                    >
                      Aprovar
                    </Button>
                  )}
                </Group>
              ),
            },
          ]}
          minWidth={1000}
        />
      )}
      {approving !== undefined && (
        <RateDeed
          deed={{
            verb: `Aprovar a versão nº ${count(approving.number)}`,
            consequence: `Ela passa a valer na etapa “${wordOf(RATE_STAGE, approving.stage)}”. A diferença, célula a célula, está abaixo da lista.`,
            done: 'Versão aprovada',
            act: (reason) =>
              api.POST('/api/v1/rate-models/{hash}/approve', {
                params: { path: { hash: approving.hash } },
                body: { reason },
              }),
          }}
          onClose={() => {
            approve(undefined);
          }}
        />
      )}
    </Panel>
  );
}

function stateInWords(version: Version, models: RateModels): string {
  const { state, waits_for: waits } = version;
  const word = wordOf(RATE_VERSION_STATE, state);
  if (state === 'waiting') return `${word}: ${waits.map((one) => wordOf(RATE_WAIT, one)).join('; ')}`;
  return state === 'in_force' && !isOfActivePolicy(version, models)
    ? `${word}, mas de outra política: fora dos lances`
    : word;
}
