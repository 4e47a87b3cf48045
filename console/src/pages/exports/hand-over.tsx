import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { useAction } from '../../parts/use-action';
import { useSession } from '../../session/session-provider';
import { HELP } from '../../words/help-words';

/** A paused schedule goes on in one's own name, or in that of whom an administrator chooses. */
export function HandOver({ id, view }: { readonly id: string; readonly view: string }) {
  const { may } = useSession();
  const isAdministrator = may('users.manage');
  const [isOpen, { open, close }] = useDisclosure();
  const [to, setTo] = useState<string | null>(null);
  const acting = useAction(
    () =>
      bodyOf(
        api.POST('/api/v1/export-schedules/{id}/hand-over', {
          params: { path: { id } },
          body: to === null ? {} : { to },
        }),
      ),
    'A exportação volta a se fazer',
    close,
  );
  const verb = may('exports.create') ? 'Assumir' : 'Passar a outra pessoa';
  return (
    <>
      <Button size="compact-sm" variant="light" aria-label={`${verb}: ${view}`} onClick={open}>
        {verb}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={verb}
        verb={verb}
        consequence={`“${view}” para de se fazer porque quem a agendou não pode mais exportar. Ela continua no nome de quem a assume; fica na trilha.`}
        isReady={may('exports.create') || to !== null}
        acting={acting}
        fields={['to']}
      >
        {isAdministrator && (
          <Person
            to={to}
            onChange={setTo}
            error={acting.error instanceof ApiProblem ? acting.error.fields['to'] : undefined}
          />
        )}
      </ConfirmDialog>
    </>
  );
}

function Person({
  to,
  error,
  onChange,
}: {
  readonly to: string | null;
  readonly error: string | undefined;
  readonly onChange: (username: string | null) => void;
}) {
  const { data } = useQuery({
    queryKey: ['users', 'keepers'],
    queryFn: () => bodyOf(api.GET('/api/v1/users', { params: { query: { limit: 200 } } })),
  });
  const people = (data?.items ?? []).filter(({ disabled_at: disabled }) => disabled === null);
  return (
    <Select
      label="Continua no nome de"
      description={HELP.schedule.owner}
      searchable
      clearable
      openOnFocus={false}
      data={people.map(({ username }) => username)}
      value={to}
      error={error}
      onChange={onChange}
    />
  );
}
