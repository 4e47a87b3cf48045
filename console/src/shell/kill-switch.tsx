import { Alert, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, bodyOf, type KillSwitch } from '../api/client';
import { dateTime } from '../format/format';
import { ConfirmDialog } from '../parts/confirm-dialog';
import { DecideButtons } from '../parts/decide-buttons';
import { ReasonInput } from '../parts/reason-input';
import { useAction } from '../parts/use-action';
import { useSession } from '../session/session-provider';
import { actorWord } from '../words/words';
import { Icon } from './icons';
import { useLive } from './live-provider';

/** While bidding is stopped, somebody may ask or decide any moment; while the live view is lost, nothing tells of a stop. */
const POLL_MS = 5_000;

/** One answer for all who ask; fetched anew whenever the live view hears of a change, while it is lost, and while bidding is stopped. */
function useKillSwitch() {
  const { overview, isLost } = useLive();
  const isEngaged = overview?.kill_switch.engaged;
  const queries = useQueryClient();
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['kill-switch'] });
  }, [queries, isEngaged]);
  return useQuery({
    queryKey: ['kill-switch'],
    queryFn: () => bodyOf(api.GET('/api/v1/kill-switch')),
    refetchInterval: ({ state }) => (isLost || state.data?.engaged === true ? POLL_MS : false),
  });
}

/** Stops all bidding: one click and a reason. */
export function EngageButton() {
  const { may } = useSession();
  const { data } = useKillSwitch();
  const [isOpen, { open, close }] = useDisclosure();
  if (!may('kill_switch.engage') || data === undefined || data.engaged) return null;
  return (
    <>
      <Button color="red" variant="light" leftSection={<Icon name="stop" size={16} />} onClick={open}>
        Parar lances
      </Button>
      <ReasonDialog
        isOpen={isOpen}
        onClose={close}
        title="Parar todos os lances"
        consequence="Nenhum lance novo é enviado, em nenhum processo, até que duas pessoas decidam voltar. O que já foi enviado segue seu curso."
        verb="Parar agora"
        color="red"
        act={(reason) => bodyOf(api.POST('/api/v1/kill-switch/engage', { body: { reason } }))}
        done="Os lances estão parados."
      />
    </>
  );
}

/** While bidding is stopped, every page says so, why, and how it goes on. */
export function StoppedBanner() {
  const { data } = useKillSwitch();
  if (data?.engaged !== true) return null;
  return (
    <Alert color="red" icon={<Icon name="stop" />} title="Os lances estão parados" role="status" mb="md">
      <Group justify="space-between">
        <Text size="sm">
          “{data.reason}” — {actorWord(data.actor)}, {dateTime(data.changed_at)}
        </Text>
        {data.restore_unconfirmed ? (
          <Link to="/restauracao" className="link">
            Conferir a restauração
          </Link>
        ) : (
          <Release state={data} />
        )}
      </Group>
    </Alert>
  );
}

function Release({ state }: { readonly state: KillSwitch }) {
  const { may, session } = useSession();
  const [isOpen, { open, close }] = useDisclosure();
  const [readAt, setReadAt] = useState(state.changed_at);
  const pending = state.pending_approval;
  if (pending !== null) {
    const isMine = pending.requested_by === session.actor;
    return (
      <Group gap="sm">
        <Text size="sm">
          {isMine ? 'Você pediu' : `${actorWord(pending.requested_by)} pediu`} a volta: “{pending.reason}”
          {isMine && '. Outra pessoa decide.'}
        </Text>
        {!isMine && <DecideButtons key={pending.approval_id} approval={pending} />}
      </Group>
    );
  }
  if (!may('kill_switch.release')) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          setReadAt(state.changed_at);
          open();
        }}
      >
        Pedir a volta
      </Button>
      <ReasonDialog
        isOpen={isOpen}
        onClose={close}
        title="Pedir a volta dos lances"
        consequence="Os lances só voltam quando outra pessoa aprovar o pedido."
        verb="Pedir"
        color="felt"
        act={(reason, key) =>
          bodyOf(
            api.POST('/api/v1/kill-switch/release', {
              body: { reason, stopped_at: readAt },
              headers: { 'Idempotency-Key': key },
            }),
          )
        }
        done="Pedido registrado: outra pessoa decide."
      />
    </>
  );
}

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly consequence: string;
  readonly verb: string;
  readonly color: string;
  readonly act: (reason: string, key: string) => Promise<unknown>;
  readonly done: string;
}

/** Says what will happen, asks why, and does it. */
function ReasonDialog({ isOpen, onClose, title, consequence, verb, color, act, done }: DialogProps) {
  const [reason, setReason] = useState('');
  const acting = useAction(
    (key) => act(reason.trim(), key),
    done,
    () => {
      setReason('');
      onClose();
    },
  );
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      consequence={consequence}
      verb={verb}
      color={color}
      isReady={reason.trim() !== ''}
      acting={acting}
    >
      <ReasonInput description="Fica na trilha de auditoria" value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
