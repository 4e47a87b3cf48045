import { Alert, Button, Checkbox, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Recoveries, type Recovery } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { Facts } from '../../parts/facts';
import { tellDone } from '../../parts/notices';
import { Page } from '../../parts/page';
import { ReasonInput } from '../../parts/reason-input';
import { shownBy } from '../../parts/shown-by';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { actorWord, RECOVERY_COUNT, RECOVERY_SIGN, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

/** After a restore of the database: what was found, what is still not known, and what a person must confirm. */
export function RecoveryPage() {
  const query = useQuery({
    queryKey: ['recoveries'],
    queryFn: () => bodyOf(api.GET('/api/v1/recoveries')),
    refetchInterval: 5_000,
  });
  return (
    <Page
      title="Restauração"
      subtitle="O banco de dados voltou a um ponto anterior? O que se perdeu e o que falta saber"
    >
      <Loaded query={query} lines={8}>
        {({ items, now }) =>
          items.length === 0 ? (
            <Empty title="Nenhuma restauração">
              O banco de dados nunca voltou a um ponto anterior ao que este serviço já tinha visto.
            </Empty>
          ) : (
            <Stack>
              <StillUnknown now={now} />
              {items.map((recovery) => (
                <Found key={recovery.id} recovery={recovery} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function StillUnknown({ now }: { readonly now: Recoveries['now'] }) {
  return (
    <Paper p="md">
      <Title order={2}>O que ainda não se sabe</Title>
      <Facts
        items={[
          ['Lances sem resposta', count(now.bids_unknown)],
          ['Leilões de antes, sem desfecho', count(now.auctions_unknown)],
          ['Comandos sem resposta', count(now.commands_unknown)],
          ['Operações sem leilão', count(now.loans_unlinked)],
          ['Notificações paradas', count(now.webhooks_parked)],
          ['Perguntas à QI em aberto', count(now.questions_open)],
        ]}
      />
    </Paper>
  );
}

function Found({ recovery }: { readonly recovery: Recovery }) {
  const { may } = useSession();
  const isOpen = recovery.confirmed_at === null;
  return (
    <Paper p="md">
      <Stack gap="sm">
        <Title order={2}>{wordOf(RECOVERY_SIGN, recovery.sign)}</Title>
        <Facts
          items={[
            ['Notada em', dateTime(recovery.found_at)],
            ['Por', recovery.found_by],
            ['A cópia sabe até', dateTime(recovery.known_until)],
            ['Sem lance para pedidos de antes de', dateTime(recovery.bids_from)],
            ['A QI foi consultada até', dateTime(recovery.asked_until)],
            ...Object.entries(recovery.counts).map(
              ([name, number]) => [wordOf(RECOVERY_COUNT, name), count(number)] as const,
            ),
          ]}
        />
        {isOpen ? (
          <Alert color="red" title="Espera a conferência de uma pessoa">
            <Text size="sm">
              Até lá os lances ficam parados e nenhum comando vai à QI. Depois, a volta dos lances ainda exige
              duas pessoas. Passo a passo: docs/runbooks/restore.md.
            </Text>
            {may('kill_switch.release') && <Confirm recovery={recovery} />}
          </Alert>
        ) : (
          <Text size="sm">
            Conferida por {actorWord(recovery.confirmed_by ?? '')}, {dateTime(recovery.confirmed_at)}: “
            {recovery.note}”
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

const TO_CHECK = [
  'Este é o banco certo, e a cópia mais nova que existe.',
  'A QI já foi consultada sobre todo o tempo perdido, e as respostas chegaram.',
  'Os lances e comandos sem resposta foram vistos no portal da QI ou podem esperar.',
  'Os acessos retirados no tempo perdido (pessoas e tokens) foram retirados de novo.',
];

function Confirm({ recovery }: { readonly recovery: Recovery }) {
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure();
  const [checked, setChecked] = useState<readonly string[]>([]);
  const [note, setNote] = useState('');
  const acting = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/recoveries/{id}/confirm', {
          params: { path: { id: recovery.id } },
          body: { note: note.trim() },
        }),
      ),
    onSuccess: () => {
      tellDone('Conferida: a volta dos lances já pode ser pedida.');
      close();
    },
    onSettled: (_done, error) =>
      shownBy(
        Promise.all(
          [['recoveries'], ['kill-switch']].map((queryKey) => queries.invalidateQueries({ queryKey })),
        ),
        error,
      ),
  });
  return (
    <>
      <Button size="xs" mt="sm" onClick={open}>
        Confirmar a conferência
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Confirmar a conferência"
        consequence="Os comandos às operações voltam a ser enviados; os que podem já ter sido são antes perguntados à QI. Os lances continuam parados até duas pessoas decidirem."
        verb="Confirmar"
        isReady={note.trim() !== '' && checked.length === TO_CHECK.length}
        acting={acting}
      >
        <Checkbox.Group
          value={[...checked]}
          onChange={setChecked}
          label="O que foi conferido"
          description={HELP.recovery.checked}
        >
          <Stack gap="xs" mt="xs">
            {TO_CHECK.map((each) => (
              <Checkbox key={each} value={each} label={each} />
            ))}
          </Stack>
        </Checkbox.Group>
        <ReasonInput
          label="O que foi conferido, em palavras"
          description="Fica na trilha de auditoria"
          value={note}
          onChange={setNote}
        />
      </ConfirmDialog>
    </>
  );
}
