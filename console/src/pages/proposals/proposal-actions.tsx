import { Button, Divider, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type ProposalDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { ReasonInput } from '../../parts/reason-input';
import { useAction } from '../../parts/use-action';
import { useSession } from '../../session/session-provider';
import { useServiceNow } from '../../shell/use-service-now';
import { PROPOSAL_ACTION, PROPOSAL_CONSEQUENCE, PROPOSAL_REQUEST } from '../../words/proposal-words';
import { COMMAND_STATUS, inSentence, wordOf } from '../../words/words';
import { ProposalCase } from './proposal-case';
import { SettleIssue } from './settle-issue';
import { isSoonAnswered } from './under-way';
import { MOST, wishOf } from './wish';
import { WishInput } from './wish-input';

const TICK_MS = 10_000;

type Action = ProposalDetail['next_actions'][number];
/** An offer is accepted where it is shown, and what became of an order is asked while it is under way. */
type ButtonAction = Exclude<Action, 'accept' | 'settle_issue'>;

/** What may be done now, each with its consequence in words. */
export function ProposalActions({ proposal }: { readonly proposal: ProposalDetail }) {
  const { may } = useSession();
  const now = useServiceNow(TICK_MS);
  const underWay = proposal.commands.find(({ settled_at: settled }) => settled === null);
  const allowed = proposal.next_actions
    .filter((action): action is ButtonAction => action !== 'accept' && action !== 'settle_issue')
    // Of federal payroll a simulation begins with the link that pays.
    .filter((action) => action !== 'simulate' || proposal.product === 'fgts')
    .filter((action) => may(action === 'clear_review' ? 'proposals.review' : 'proposals.act'));
  const isQueued = proposal.queued_until !== null;
  const underWayStatus = underWay !== undefined && !isQueued && (
    <>
      <Text size="sm" c="dimmed" role="status" mt="md">
        {wordOf(PROPOSAL_REQUEST, underWay.action)}: {wordOf(COMMAND_STATUS, underWay.status)}
        {Date.parse(underWay.not_before) > now && `, a partir de ${dateTime(underWay.not_before)}`}.
      </Text>
      {proposal.next_actions.includes('settle_issue') && may('proposals.review') && (
        <Stack gap={6} align="flex-start" mt="sm">
          <SettleIssue proposal={proposal} />
          <Text size="sm">{PROPOSAL_CONSEQUENCE['settle_issue']}</Text>
        </Stack>
      )}
    </>
  );
  const isAwaited = underWayStatus !== false && isSoonAnswered(underWay, now);
  if (isAwaited || allowed.length === 0) return underWayStatus;
  return (
    <>
      {underWayStatus}
      <section aria-label="Próximas ações">
        <Divider my="md" />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {allowed.map((action) => {
            const obstacle = obstacleOf(action, proposal);
            return (
              <Stack key={action} gap={6} align="flex-start">
                <ActionButton action={action} proposal={proposal} isDisabled={obstacle !== undefined} />
                <Text size="sm">{obstacle ?? PROPOSAL_CONSEQUENCE[action]}</Text>
              </Stack>
            );
          })}
        </SimpleGrid>
      </section>
    </>
  );
}

/** What stands in the way of something that the state would allow. */
function obstacleOf(action: Action, proposal: ProposalDetail): string | undefined {
  if (action === 'issue' && proposal.missing.length > 0)
    return 'Falta completar os dados do cliente, abaixo.';
  if (action === 'clear_review' && proposal.review_is_own)
    return 'Você abriu esta proposta, ou disse ou pediu o que se confere nela: outra pessoa precisa liberá-la.';
  return undefined;
}

interface ActionProps {
  readonly proposal: ProposalDetail;
  readonly isDisabled: boolean;
}

function ActionButton({ action, ...props }: ActionProps & { readonly action: ButtonAction }) {
  switch (action) {
    case 'query_balance':
    case 'cancel_query':
    case 'issue':
      return <Plain action={action} {...props} />;
    case 'simulate':
      return <Simulate {...props} />;
    case 'clear_review':
    case 'withdraw':
      return <WithReason action={action} {...props} />;
  }
}

const DONE: Readonly<Record<ButtonAction, string>> = {
  query_balance: 'Consulta a caminho da QI.',
  cancel_query: 'Cancelamento da consulta a caminho da QI.',
  issue: 'Emissão a caminho da QI.',
  simulate: 'Simulação a caminho da QI.',
  clear_review: 'Proposta liberada.',
  withdraw: 'Proposta encerrada.',
};

function Plain({
  action,
  proposal,
  isDisabled,
}: ActionProps & { readonly action: 'query_balance' | 'cancel_query' | 'issue' }) {
  const [isOpen, { open, close }] = useDisclosure();
  const acting = useAction(
    (key) =>
      api.POST(`/api/v1/proposals/{id}/${action}`, {
        params: { path: { id: proposal.id } },
        headers: { 'Idempotency-Key': key },
      }),
    DONE[action],
    close,
  );
  return (
    <>
      <Button variant={action === 'issue' ? 'filled' : 'light'} disabled={isDisabled} onClick={open}>
        {wordOf(PROPOSAL_ACTION, action)}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(PROPOSAL_ACTION, action)}
        verb={action === 'issue' ? 'Emitir' : 'Confirmar'}
        acting={acting}
      >
        <ProposalCase proposal={proposal} action={action} />
      </ConfirmDialog>
    </>
  );
}

function Simulate({ proposal, isDisabled }: ActionProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const [wish, setWish] = useState(MOST);
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/proposals/{id}/simulate', {
        params: { path: { id: proposal.id } },
        headers: { 'Idempotency-Key': key },
        body: { wishes: wishOf(wish) },
      }),
    DONE.simulate,
    close,
  );
  const problems = acting.error instanceof ApiProblem ? acting.error.fields : {};
  return (
    <>
      <Button variant="light" disabled={isDisabled} onClick={open}>
        {wordOf(PROPOSAL_ACTION, 'simulate')}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(PROPOSAL_ACTION, 'simulate')}
        consequence={PROPOSAL_CONSEQUENCE['simulate']}
        verb="Simular"
        acting={acting}
        fields={['amount']}
      >
        <WishInput
          wish={wish}
          problems={problems}
          cedable={proposal.balance?.cedable ?? []}
          onChange={setWish}
        />
      </ConfirmDialog>
    </>
  );
}

function WithReason({
  action,
  proposal,
  isDisabled,
}: ActionProps & { readonly action: 'clear_review' | 'withdraw' }) {
  const [isOpen, { open, close }] = useDisclosure();
  // As it was when it was pressed: the proposal is read again every few seconds, and may wait for people for another reason then.
  const [shown, setShown] = useState(proposal);
  const [reason, setReason] = useState('');
  const acting = useAction(
    (key) =>
      api.POST(`/api/v1/proposals/{id}/${action}`, {
        params: { path: { id: proposal.id } },
        headers: { 'Idempotency-Key': key },
        body: {
          reason: reason.trim(),
          ...(action === 'clear_review' && { reviewed_since: shown.status_since }),
        },
      }),
    DONE[action],
    close,
  );
  const word = wordOf(PROPOSAL_ACTION, action);
  const isEnd = action === 'withdraw';
  return (
    <>
      <Button
        variant="light"
        color={isEnd ? 'red' : 'felt'}
        disabled={isDisabled}
        onClick={() => {
          setShown(proposal);
          open();
        }}
      >
        {word}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={word}
        verb={isEnd ? 'Encerrar' : 'Liberar'}
        color={isEnd ? 'red' : 'felt'}
        isReady={reason.trim().length >= 3}
        acting={acting}
      >
        <ProposalCase proposal={shown} action={action} />
        <ReasonInput description={`Por que ${inSentence(word)}`} value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}
