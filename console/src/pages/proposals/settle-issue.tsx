import { Alert, Button, SegmentedControl, Text, TextInput } from '@mantine/core';
import { Literal } from '../../parts/literal';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type ProposalDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { Copyable } from '../../parts/copyable';
import { ReasonInput } from '../../parts/reason-input';
import { useAction } from '../../parts/use-action';
import { PROPOSAL_ACTION } from '../../words/proposal-words';
import { actorWord, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

type Outcome = 'took_effect' | 'not_taken';

/** What was found at QI about an order whose answer is lost, and how. That there is nothing two people must say. */
export function SettleIssue({ proposal }: { readonly proposal: ProposalDetail }) {
  const [isOpen, { open, close }] = useDisclosure();
  const order = orderOf(proposal);
  // The page moves on behind the dialog: what was found is of the order as it was when it was opened.
  const [seen, setSeen] = useState(order);
  const [outcome, setOutcome] = useState<Outcome>('took_effect');
  const [key, setKey] = useState('');
  const [evidence, setEvidence] = useState('');
  const isMade = outcome === 'took_effect';
  const acting = useAction(
    (idempotencyKey) =>
      api.POST('/api/v1/proposals/{id}/settle_issue', {
        params: { path: { id: proposal.id } },
        headers: { 'Idempotency-Key': idempotencyKey },
        body: {
          outcome,
          evidence: evidence.trim(),
          ...(isMade && { credit_operation_key: key.trim() }),
          ...(seen !== undefined && { command_id: seen.command_id, sent_at: seen.sent_at }),
        },
      }),
    'Registrado o que se achou na QI.',
    close,
  );
  const problems = acting.error instanceof ApiProblem ? acting.error.fields : {};
  const first = whoSaidNothing(proposal);
  return (
    <>
      <Button
        onClick={() => {
          setSeen(order);
          open();
        }}
      >
        {wordOf(PROPOSAL_ACTION, 'settle_issue')}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(PROPOSAL_ACTION, 'settle_issue')}
        consequence={CONSEQUENCE[outcome]}
        verb="Registrar"
        isReady={evidence.trim().length >= 10 && (!isMade || key.trim() !== '')}
        acting={acting}
        fields={['credit_operation_key', 'evidence']}
      >
        {first !== undefined && (
          <Alert color="yellow">
            <Text size="sm">
              {actorWord(first)} informou que a QI não tem a operação. Falta outra pessoa.
            </Text>
          </Alert>
        )}
        <Text size="sm" component="div">
          Nossa chave, na QI <Literal>requester_identifier_key</Literal>:{' '}
          <Copyable text={proposal.control_key} />
        </Text>
        <SegmentedControl
          aria-label="O que a QI tem"
          data={[
            { value: 'took_effect', label: 'A QI tem a operação' },
            { value: 'not_taken', label: 'A QI não tem nada' },
          ]}
          value={outcome}
          onChange={setOutcome}
        />
        {isMade && (
          <TextInput
            label="Chave da operação na QI"
            description={HELP.client.qiKey}
            required
            value={key}
            error={problems['credit_operation_key']}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
        )}
        <ReasonInput
          label="Como se descobriu"
          description="Onde foi conferido e com quem, por exemplo o protocolo do atendimento da QI"
          value={evidence}
          error={problems['evidence']}
          onChange={setEvidence}
        />
      </ConfirmDialog>
    </>
  );
}

const CONSEQUENCE: Readonly<Record<Outcome, string>> = {
  took_effect: 'A proposta vira a operação desta chave. Nada é enviado à QI.',
  not_taken:
    'Quando uma segunda pessoa confirmar, a proposta volta a poder ser emitida, sempre com a mesma chave nossa. Nada é enviado antes disso.',
};

/** The one that is under way. */
function orderOf({ commands }: ProposalDetail): ProposalDetail['commands'][number] | undefined {
  return commands.find(({ settled_at: settled }) => settled === null);
}

/** Of the order that is under way. */
function whoSaidNothing(proposal: ProposalDetail): string | undefined {
  const order = orderOf(proposal)?.command_id;
  const said = proposal.events.find(
    ({ kind, summary }) => kind === 'issue_said_not_taken' && summary['command_id'] === order,
  );
  return said?.actor ?? undefined;
}
