import { Alert, Button, Group, NumberInput, Stack, Switch, Table, Text } from '@mantine/core';
import { filterPlace, filterValue, flowWord, notTaken } from './filter-words';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type FilterChange, type FilterState } from '../../api/client';
import { dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellDone } from '../../parts/notices';
import { ReasonInput } from '../../parts/reason-input';
import { Loaded } from '../../parts/states';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { actorWord } from '../../words/words';
import { HELP } from '../../words/help-words';

const POLL_MS = 10_000;

type Answered = NonNullable<FilterState['refused']>;

const STATUS: Readonly<Record<FilterChange['status'], readonly [string, string]>> = {
  proposed: ['espera uma segunda pessoa', 'yellow'],
  sending: ['a caminho da QI', 'blue'],
  unknown: ['a QI não confirmou', 'orange'],
  sent: ['em vigor na QI', 'teal'],
  rejected: ['recusado pela QI', 'red'],
  withdrawn: ['retirado', 'gray'],
};

/** Which requests QI sends us at all: as last sent, what the active policy would make of it, and the way there. */
export function QiFilters() {
  const query = useQuery({
    queryKey: ['qi-filters'],
    queryFn: () => bodyOf(api.GET('/api/v1/qi-filters')),
    refetchInterval: POLL_MS,
  });
  return (
    <Loaded query={query} lines={3}>
      {(state) => (
        <Stack gap="sm">
          <Text size="sm">
            {state.in_force === null
              ? 'Nenhum filtro foi enviado à QI ainda.'
              : `Em vigor desde ${dateTime(state.in_force.settled_at)}, pela política ${state.in_force.policy_version}: ${flowWord(state.in_force)}.`}
            {!state.is_certain && ' O que foi enviado depois não teve resposta: não se sabe qual vale.'}
          </Text>
          {state.refused !== null && <Refused change={state.refused} />}
          <Standing state={state} />
          {state.open !== null && <Open key={state.open.id} change={state.open} />}
          <Group gap="xs">
            {state.open === null && <Propose inForce={state.in_force} />}
            <Stop />
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}

/** QI said no to what was sent last: what was in force before goes on. */
function Refused({ change }: { readonly change: Answered }) {
  const what = change.kind === 'stop' ? 'a parada: os pedidos continuam vindo' : 'a última mudança do filtro';
  return (
    <Alert color="red" title={`A QI recusou ${what}`} role="alert">
      <Text size="sm">
        {actorWord(change.sent_by ?? change.proposed_by)}, {dateTime(change.sent_at)}: “{change.reason}”
        {change.answer !== null && ` · ${change.answer}`}
      </Text>
    </Alert>
  );
}

/** What is in force beside the active policy. Only a filter that is on, and known to be, is said to be the policy's. */
function Standing({
  state: { differences, in_force: inForce, is_certain: isCertain },
}: {
  readonly state: FilterState;
}) {
  const isOff = inForce?.active === false;
  return (
    <>
      {isOff && (
        <Alert color="red" role="status">
          A QI não nos manda pedidos: o filtro está desligado.
        </Alert>
      )}
      {differences.length > 0 && (
        <Differences
          label="O que mudaria no filtro"
          differences={differences}
          before={inForce === null ? 'Nada enviado' : 'Na QI'}
          after="Da política ativa"
        />
      )}
      {differences.length === 0 && isCertain && !isOff && (
        <Alert color="teal" role="status">
          Os limites do filtro são os da política ativa.
        </Alert>
      )}
    </>
  );
}

function Differences({
  label,
  differences,
  before: beforeWord,
  after: afterWord,
}: {
  readonly label: string;
  readonly differences: FilterState['differences'];
  readonly before: string;
  readonly after: string;
}) {
  return (
    <Table aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Filtro</Table.Th>
          <Table.Th>{beforeWord}</Table.Th>
          <Table.Th>{afterWord}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map(({ path, before, after }) => (
          <Table.Tr key={path}>
            <Table.Td>{filterPlace(path)}</Table.Td>
            <Table.Td>{filterValue(path, before)}</Table.Td>
            <Table.Td>{filterValue(path, after)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What one change does to what is in force: the second person reads it before sending. */
function Changed({ change: { differences } }: { readonly change: FilterChange }) {
  if (differences.length === 0) return <Text size="sm">Nada muda: é o que está em vigor.</Text>;
  return <Differences label="O que o pedido muda" differences={differences} before="Antes" after="Depois" />;
}

/** A change on its way: the second person sends it, whoever asked may take it back. A stop is asked for again instead. */
function Open({ change }: { readonly change: FilterChange }) {
  const { may, session } = useSession();
  const isLeft = change.status === 'sending' && !change.is_under_way;
  const [word, color] = isLeft ? ['o envio não terminou', 'orange'] : STATUS[change.status];
  const isMine = change.proposed_by === session.actor;
  const isStop = change.kind === 'stop';
  return (
    <Alert color={color} title={`${isStop ? 'Parada na QI' : 'Mudança do filtro'}: ${word}`} role="status">
      <Group justify="space-between">
        <Text size="sm">
          {isMine ? 'Você pediu' : `${actorWord(change.proposed_by)} pediu`}: “{change.reason}”
          {change.answer !== null && ` · ${change.answer}`}
          {isMine && change.status === 'proposed' && ' Outra pessoa envia.'}
          {isStop && !change.is_under_way && ' Os pedidos podem continuar vindo: pare na QI outra vez.'}
        </Text>
        <Group gap="xs">
          {!isMine && !isStop && may('qi_filters.send') && !change.is_under_way && <Send change={change} />}
          {may('qi_filters.propose') && !change.is_under_way && <Withdraw change={change} />}
        </Group>
      </Group>
      <Changed change={change} />
    </Alert>
  );
}

function useFilterAction(act: () => Promise<unknown>, done: string, close: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      tellDone(done);
      close();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['qi-filters'] }), error),
  });
}

/** What QI did not say yes to is no success, whatever our own service answered. */
async function taken(call: Promise<{ data?: Answered }>): Promise<void> {
  const change = await bodyOf(call);
  if (change.status !== 'sent') throw notTaken(change);
}

function Send({ change }: { readonly change: FilterChange }) {
  const [isOpen, { open, close }] = useDisclosure();
  const acting = useFilterAction(
    () => taken(api.POST('/api/v1/qi-filters/changes/{id}/send', { params: { path: { id: change.id } } })),
    'Filtro enviado à QI.',
    close,
  );
  return (
    <>
      <Button size="xs" onClick={open}>
        Enviar à QI
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Enviar o filtro à QI"
        consequence={`A QI passa a nos mandar, dentro dos limites do filtro: ${flowWord(change)}.`}
        verb="Enviar"
        acting={acting}
      >
        <Changed change={change} />
      </ConfirmDialog>
    </>
  );
}

function Withdraw({ change: { id, status } }: { readonly change: FilterChange }) {
  const [isOpen, { open, close }] = useDisclosure();
  const acting = useFilterAction(
    () => bodyOf(api.POST('/api/v1/qi-filters/changes/{id}/withdraw', { params: { path: { id } } })),
    'Pedido retirado.',
    close,
  );
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Retirar
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Retirar o pedido"
        consequence={
          status === 'proposed'
            ? 'Nada é enviado à QI.'
            : 'Talvez a QI já o tenha recebido: até outro ser enviado, não se sabe qual filtro vale.'
        }
        verb="Retirar"
        color="gray"
        acting={acting}
      />
    </>
  );
}

/** Begins with the switch and the cap in force, so that a plain request changes neither. */
function Propose({ inForce }: { readonly inForce: FilterState['in_force'] }) {
  const { may } = useSession();
  const [isOpen, { open, close }] = useDisclosure();
  const [isActive, setActive] = useState(true);
  const [cap, setCap] = useState<number | string>('');
  const [reason, setReason] = useState('');
  const acting = useFilterAction(
    () =>
      bodyOf(
        api.POST('/api/v1/qi-filters/changes', {
          body: { active: isActive, daily_cap: cap === '' ? null : Number(cap), reason: reason.trim() },
        }),
      ),
    'Pedido registrado: outra pessoa envia.',
    close,
  );
  if (!may('qi_filters.propose')) return null;
  const begin = (): void => {
    setActive(inForce?.active ?? true);
    setCap(inForce?.daily_cap ?? '');
    open();
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={begin}>
        Pedir a mudança
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Pedir a mudança do filtro"
        consequence="Os limites são os da política ativa. Outra pessoa confere e envia à QI."
        verb="Pedir"
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <Switch
          label="Receber pedidos"
          description={HELP.filter.active}
          checked={isActive}
          onChange={(event) => {
            setActive(event.currentTarget.checked);
          }}
        />
        <NumberInput
          label="No máximo por dia"
          description={HELP.filter.dailyCap}
          placeholder="sem limite"
          min={1}
          allowDecimal={false}
          thousandSeparator="."
          decimalSeparator=","
          value={cap}
          onChange={setCap}
        />
        <ReasonInput value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}

/** The far kill switch: at once, by one person. */
function Stop() {
  const { may } = useSession();
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const acting = useFilterAction(
    () => taken(api.POST('/api/v1/qi-filters/stop', { body: { reason: reason.trim() } })),
    'A QI não manda mais pedidos.',
    close,
  );
  if (!may('kill_switch.engage')) return null;
  return (
    <>
      <Button size="xs" color="red" variant="light" onClick={open}>
        Parar na QI
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Parar os pedidos na QI"
        consequence="A QI deixa de nos mandar pedidos, já. Voltar exige duas pessoas."
        verb="Parar na QI"
        color="red"
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <ReasonInput value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}
