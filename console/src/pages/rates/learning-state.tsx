import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { api, type RateModels } from '../../api/client';
import { count, date, dateTime, decimal, reais, share } from '../../format/format';
import { Facts } from '../../parts/facts';
import { useSession } from '../../session/session-provider';
import { RATE_DOUBT, RATE_RETURN } from '../../words/rate-words';
import { wordOf } from '../../words/words';
import { RateDeed, type Deed } from './rate-deed';
import { mayReturn, standing, versionInUse } from './rates-in-use';

type Doubt = RateModels['versions'][number]['figures']['doubts'][number];

const DOUBT_MEANS: Readonly<Record<Doubt, string>> = {
  uncalibrated:
    'As chances de ganhar que a versão previu não se confirmam. Se ela só observa, continua assim; se dá lances, a próxima noite os devolve à tabela.',
  drifted:
    'Ganhou-se muito mais ou muito menos do que o previsto. O aprendizado acelera por alguns dias, e uma mudança grande de taxas espera uma pessoa.',
};

/** Whether learned rates are bid, how well they do, and the ways out and back. */
export function LearningState({ models }: { readonly models: RateModels }) {
  const { line, observations } = models;
  const inUse = versionInUse(models);
  return (
    <Paper p="md" component="section" aria-label="Situação">
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{standing(models)}</Title>
          <Ways line={line} mayGoBack={mayReturn(models)} />
        </Group>
        {line.returned !== null && (
          <Alert color="yellow" title={wordOf(RATE_RETURN, line.returned.code)}>
            {line.returned.by}, {dateTime(line.returned.at)}: {line.returned.reason}
          </Alert>
        )}
        {line.resume_asked !== null && (
          <Alert color="blue" title="A volta ao aprendizado foi pedida e espera outra pessoa">
            {line.resume_asked.by}, {dateTime(line.resume_asked.at)}: {line.resume_asked.reason}
          </Alert>
        )}
        {inUse?.figures.doubts.map((doubt) => (
          <Alert key={doubt} color="yellow" title={wordOf(RATE_DOUBT, doubt)}>
            {DOUBT_MEANS[doubt]}
          </Alert>
        ))}
        {inUse !== undefined && <Quality figures={inUse.figures} trained={inUse.trained_through} />}
        <Text size="sm" c="dimmed">
          Nos últimos {count(observations.days)} dias: {count(observations.total)} lances observados,{' '}
          {count(observations.pending)} ainda sem fim. De{' '}
          {count(observations.refused.reduce((sum, one) => sum + one.count, 0))} nada se aprende, porque o fim
          se contradiz ou a QI não respondeu ao lance. A margem sobre o controle desconta dos dois lados o
          preço do dinheiro, nos dias em que ele falta.
        </Text>
      </Stack>
    </Paper>
  );
}

type Figures = RateModels['versions'][number]['figures'];

function Quality({ figures, trained }: { readonly figures: Figures; readonly trained: string }) {
  const { margin } = figures;
  const money = (value: number): string => reais(value.toFixed(2));
  return (
    <Facts
      columnWidth="13rem"
      items={[
        ['Aprendido até', date(trained)],
        ['Lances', count(figures.bids)],
        [
          'Margem por pedido sobre o controle',
          margin === null
            ? 'ainda não se sabe'
            : `${money(margin.mean)} (${money(margin.low)} a ${money(margin.high)}), ${count(figures.margin_days)} dias`,
        ],
        [
          'Erro de calibração',
          `${share(figures.calibration_error, 1)} em ${count(figures.calibrated)} lances`,
        ],
        ['Distância média da tabela', `${decimal(figures.mean_distance_bp.toFixed(1), 1)} pb`],
        ['Custo dos testes', costOfTrying(figures.exploration)],
        ['Taxas no limite da faixa', railed(figures.rails)],
        [
          'Alarmes de mudança',
          figures.drift_alarms.length === 0
            ? 'nenhum'
            : figures.drift_alarms.map((day) => date(day)).join(', '),
        ],
      ]}
    />
  );
}

function costOfTrying(cost: Figures['exploration']): string {
  if (cost === null || cost.bids === 0) return 'nenhum lance a taxa aprendida ainda';
  const isOver = cost.part !== null && cost.part > cost.budget;
  const part =
    cost.part === null
      ? ''
      : ` (${share(cost.part, 1)} da margem esperada, ${isOver ? 'acima dos' : 'de até'} ${share(cost.budget, 1)} do mandato)`;
  return `${reais(cost.cost)}${part}; ${count(cost.tried)} testes em ${count(cost.bids)} lances de ${count(cost.days)} dias`;
}

function railed(rails: Figures['rails']): string {
  if (rails === null) return 'ainda não se sabe';
  return `${share(rails.at_floor, 1)} no piso, ${share(rails.at_ceiling, 1)} no teto`;
}

const toTable = (reason: string) => api.POST('/api/v1/rate-models/return', { body: { reason } });

/** @param line as it was shown: what is said is said of its reason, and of its request */
const deedsOn = ({ returned, resume_asked: asked }: RateModels['line']) =>
  ({
    return: {
      verb: 'Voltar à tabela',
      consequence:
        'Todos os lances passam a sair da tabela da política agora, e assim fica até que duas pessoas digam outra coisa. Lances já feitos não mudam.',
      done: 'Os lances saem da tabela',
      color: 'red',
      act: toTable,
    },
    stay: {
      verb: 'Ficar na tabela',
      consequence:
        'O pedido de volta ao aprendizado deixa de valer: ele foi feito sem este motivo. Os lances continuam na tabela.',
      done: 'Os lances continuam na tabela',
      color: 'red',
      act: toTable,
    },
    resume: {
      verb: 'Pedir a volta ao aprendizado',
      consequence:
        'Outra pessoa precisa concordar. Até lá os lances continuam na tabela, e um motivo novo para ficar nela derruba o pedido.',
      done: 'Pedido feito: falta outra pessoa',
      act: (reason: string) =>
        api.POST('/api/v1/rate-models/resume', {
          body: { reason, ...(returned !== null && { returned_at: returned.at }) },
        }),
    },
    approve: {
      verb: 'Concordar com a volta',
      consequence: 'As taxas aprendidas voltam aos lances, na etapa em que a versão está.',
      done: 'As taxas aprendidas voltaram aos lances',
      withoutReason: true,
      act: () =>
        api.POST('/api/v1/rate-models/resume/approve', {
          body: { ...(asked !== null && { asked_at: asked.at }) },
        }),
    },
    refuse: {
      verb: 'Recusar a volta',
      consequence: 'Os lances continuam na tabela.',
      done: 'A volta foi recusada',
      act: (reason: string) =>
        api.POST('/api/v1/rate-models/resume/refuse', {
          body: { reason, ...(asked !== null && { asked_at: asked.at }) },
        }),
    },
  }) as const satisfies Record<string, Deed>;

function Ways({ line, mayGoBack }: { readonly line: RateModels['line']; readonly mayGoBack: boolean }) {
  const { may } = useSession();
  // As it was when it was pressed: the page is read again every few seconds, and another request may wait then.
  const [open, setOpen] = useState<Deed>();
  const asked = line.resume_asked !== null;
  const deeds = deedsOn(line);
  const ways = [
    ['return', mayGoBack && may('rates.return')],
    ['stay', asked && may('rates.return')],
    ['resume', line.returned !== null && !asked && may('rates.resume')],
    ['approve', asked && may('policies.approve')],
    ['refuse', asked && may('policies.approve')],
  ] as const;
  return (
    <Group gap="xs">
      {ways
        .filter(([, isOpen]) => isOpen)
        .map(([way]) => (
          <Button
            key={way}
            variant={way === 'return' ? 'filled' : 'default'}
            color={way === 'return' ? 'red' : undefined}
            onClick={() => {
              setOpen(deeds[way]);
            }}
          >
            {deeds[way].verb}
          </Button>
        ))}
      {open !== undefined && (
        <RateDeed
          deed={open}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      )}
    </Group>
  );
}
