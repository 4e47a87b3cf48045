import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { HELP } from '../../words/help-words';

const LONGEST = 80;

/** What its authors call a version; of a draft they may change it, without saving anything else. */
export function DraftName({ version }: { readonly version: PolicyVersion }) {
  const { may } = useSession();
  const [isOpen, { open, close }] = useDisclosure();
  const { own_name: name } = version;
  const mayName = version.state === 'draft' && may('policies.write_values');
  return (
    <>
      {name !== null && <b>{name}</b>}
      {mayName && (
        <Button size="compact-xs" variant="subtle" onClick={open}>
          {name === null ? 'Dar um nome ao rascunho' : 'Mudar o nome'}
        </Button>
      )}
      {isOpen && <NameDialog version={version} onClose={close} />}
    </>
  );
}

function NameDialog({ version, onClose }: { readonly version: PolicyVersion; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { number } = version;
  const [name, setName] = useState(version.own_name ?? '');
  const rename = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PUT('/api/v1/policies/{number}/name', {
          params: { path: { number } },
          body: { own_name: name.trim() },
        }),
      ),
    onSuccess: onClose,
    onSettled: (_done, error) =>
      shownBy(
        Promise.all([
          queries.invalidateQueries({ queryKey: ['policy', String(number)] }),
          queries.invalidateQueries({ queryKey: ['policies'] }),
        ]),
        error,
      ),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Nome do rascunho"
      verb="Mudar"
      isReady={name.trim() !== ''}
      acting={rename}
      fields={['own_name']}
    >
      <TextInput
        label="Nome"
        description={HELP.policy.ownName}
        data-autofocus
        required
        maxLength={LONGEST}
        autoComplete="off"
        value={name}
        error={rename.error instanceof ApiProblem ? rename.error.fields['own_name'] : undefined}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
