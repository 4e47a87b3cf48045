import { Button, Checkbox, List, Paper, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type ProposalDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { useAction } from '../../parts/use-action';
import {
  labelOf,
  borrowerOf,
  fieldsMissing,
  SHOWN_AT_FIELDS,
  type BorrowerDraft,
  type PayTo,
} from './borrower-draft';
import { AccountInputs, BorrowerInputs } from './borrower-inputs';
import { DocumentInputs } from './document-inputs';
import { HELP } from '../../words/help-words';

/** What an issue still needs of the client, and the way to give it. */
export function Missing({
  proposal,
  mayAct,
}: {
  readonly proposal: ProposalDetail;
  readonly mayAct: boolean;
}) {
  const [isOpen, { open, close }] = useDisclosure();
  const { missing, ended_at: end } = proposal;
  if (end !== null || (missing.length === 0 && proposal.status === 'issuing')) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Dados para a emissão
      </Title>
      {missing.length === 0 ? (
        <Text size="sm">Completos.</Text>
      ) : (
        <List size="sm" aria-label="Falta para a emissão">
          {missing.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {labelOf(path)}: {message}
            </List.Item>
          ))}
        </List>
      )}
      {mayAct && proposal.status !== 'issuing' && (
        <Button mt="sm" size="xs" variant={missing.length === 0 ? 'default' : 'filled'} onClick={open}>
          {missing.length === 0 ? 'Corrigir' : 'Completar os dados'}
        </Button>
      )}
      {mayAct && proposal.status !== 'issuing' && <DocumentInputs proposalId={proposal.id} />}
      {isOpen && <BorrowerDialog proposal={proposal} onClose={close} />}
    </Paper>
  );
}

function BorrowerDialog({
  proposal,
  onClose,
}: {
  readonly proposal: ProposalDetail;
  readonly onClose: () => void;
}) {
  // As it was when the dialog was opened: what is typed stays where it is.
  const [paths] = useState(() => proposal.missing.map(({ path }) => path));
  const [revision] = useState(proposal.borrower_revision);
  const [asksAll, setAsksAll] = useState(paths.length === 0);
  const [draft, setDraft] = useState<BorrowerDraft>({});
  const [payTo, setPayTo] = useState<PayTo>('cpf');
  const { product } = proposal;
  const asksAccount = asksAll || paths.some((path) => path.startsWith('account'));
  const fields = fieldsMissing(asksAll ? ['person'] : paths);
  const told = borrowerOf(draft, { fields, account: asksAccount ? { payTo, product } : undefined });
  const acting = useAction(
    (key) =>
      api.PUT('/api/v1/proposals/{id}/borrower', {
        params: { path: { id: proposal.id } },
        headers: { 'Idempotency-Key': key },
        body: { ...told, borrower_revision: revision },
      }),
    'Dados guardados.',
    onClose,
  );
  const inputs = {
    draft,
    problems: acting.error instanceof ApiProblem ? acting.error.fields : {},
    onChange: (path: string, text: string) => {
      setDraft((before) => ({ ...before, [path]: text }));
    },
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Dados do cliente"
      consequence="O que ficar em branco continua como está. Endereço e telefone são trocados inteiros."
      verb="Guardar"
      isReady={Object.keys(told).length > 0}
      acting={acting}
      fields={SHOWN_AT_FIELDS}
    >
      <BorrowerInputs fields={fields} {...inputs} />
      {asksAccount && (
        <AccountInputs product={product} payTo={payTo} onPayTo={setPayTo} asksHolder {...inputs} />
      )}
      {paths.length > 0 && (
        <Checkbox
          label="Corrigir também o que já foi informado"
          description={HELP.client.all}
          checked={asksAll}
          onChange={({ currentTarget: { checked } }) => {
            setAsksAll(checked);
          }}
        />
      )}
    </ConfirmDialog>
  );
}
