import { Alert, Button, Group, Loader, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type ConformanceFinding, type ConformanceRun } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { Loaded } from '../../parts/states';
import { useAction } from '../../parts/use-action';
import { useSession } from '../../session/session-provider';
import { CONFORMANCE_ADVICE, conformanceAnswer, CONFORMANCE_QUESTION } from '../../words/conformance-words';
import { actorWord } from '../../words/words';

const LOOK_AGAIN_MS = 1_000;

/** What QI was found to do, question by question as it is found, and the two ways to ask. */
export function Conformance() {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['conformance'],
    queryFn: () => bodyOf(api.GET('/api/v1/conformance-runs/latest')),
    refetchInterval: ({ state }) => (state.data?.run?.state === 'running' ? LOOK_AGAIN_MS : false),
  });
  return (
    <Loaded query={query} lines={2}>
      {({ run }) => (
        <Stack gap="xs">
          {run !== null && <Run run={run} />}
          {may('conformance.run') && run?.state !== 'running' && (
            <Group gap="xs">
              <Begin writes={false} />
              <Begin writes />
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function Run({ run }: { readonly run: ConformanceRun }) {
  return (
    <>
      <Group gap="xs">
        {run.state === 'running' && <Loader size="xs" aria-label="Em andamento" />}
        <Text size="sm" role="status">
          {STATE[run.state]} {actorWord(run.requested_by)}, {dateTime(run.started_at)}.
        </Text>
      </Group>
      {run.state === 'stopped' && (
        <Alert color="orange">
          Parou antes do fim. A QI não respondeu como se esperava depois da última pergunta abaixo.
        </Alert>
      )}
      {run.findings.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table aria-label="O que a conferência achou">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Pergunta</Table.Th>
                <Table.Th>Resposta da QI</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {run.findings.map((finding) => (
                <Finding key={finding.question} finding={finding} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

function Finding({ finding: { question, answer, advice } }: { readonly finding: ConformanceFinding }) {
  return (
    <Table.Tr data-question={question}>
      <Table.Td>{CONFORMANCE_QUESTION[question]}</Table.Td>
      <Table.Td>
        {conformanceAnswer(answer)}
        {advice !== null && (
          <Text size="xs" c="orange">
            {CONFORMANCE_ADVICE[question] ?? 'Falar com quem instalou o serviço.'}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const STATE: Readonly<Record<ConformanceRun['state'], string>> = {
  running: 'Em andamento, pedida por',
  done: 'Concluída, pedida por',
  stopped: 'Parada, pedida por',
  abandoned: 'Interrompida, pedida por',
};

function Begin({ writes }: { readonly writes: boolean }) {
  const [isOpen, { open, close }] = useDisclosure();
  const acting = useAction(
    () => bodyOf(api.POST('/api/v1/conformance-runs', { body: { writes } })),
    'A conferência começou.',
    close,
  );
  if (!writes)
    return (
      <>
        <Button
          size="xs"
          variant="default"
          loading={acting.isPending}
          onClick={() => {
            acting.mutate();
          }}
        >
          Conferir as assinaturas
        </Button>
        {acting.error !== null && (
          <Text size="xs" c="red" role="alert">
            {sentenceOf(acting.error)}
          </Text>
        )}
      </>
    );
  return (
    <>
      <Button size="xs" onClick={open}>
        Conferir com um leilão fictício
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Conferir com um leilão fictício"
        consequence="Dois leilões de um trabalhador fictício são abertos na QI e recebem propostas nossas. Só em homologação, e só em ensaio ou com os lances parados. Leva até cinco minutos; a notificação de vitória fica parada em Saúde: é a da conferência, e não há nada a fazer."
        verb="Conferir"
        acting={acting}
      />
    </>
  );
}
