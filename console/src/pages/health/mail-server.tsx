import { Button, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type MailServer } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellDone } from '../../parts/notices';
import { shownBy } from '../../parts/shown-by';
import { HELP } from '../../words/help-words';

const KEY = ['mail-server'];
const FIELDS = ['host', 'port', 'security', 'sender', 'username', 'password'];
const SECURITY = [
  { value: 'starttls', label: 'STARTTLS (porta 587)' },
  { value: 'tls', label: 'TLS (porta 465)' },
  { value: 'none', label: 'Nenhuma: só em desenvolvimento, nesta máquina' },
];

/** Which server takes our mail. */
export function MailServerButton() {
  const [isOpen, { open, close }] = useDisclosure();
  const query = useQuery({ queryKey: KEY, queryFn: () => bodyOf(api.GET('/api/v1/mail-server')) });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        disabled={query.data === undefined}
        // All of it is sent: a colleague's change since is read first.
        onClick={() => void query.refetch().then(open)}
      >
        Servidor de e-mail
      </Button>
      {isOpen && query.data !== undefined && <Form server={query.data.server} onClose={close} />}
    </>
  );
}

function Form({ server, onClose }: { readonly server: MailServer | null; readonly onClose: () => void }) {
  const [host, setHost] = useState(server?.host ?? '');
  const [port, setPort] = useState(server?.port ?? 587);
  const [security, setSecurity] = useState<MailServer['security']>(server?.security ?? 'starttls');
  const [sender, setSender] = useState(server?.sender ?? '');
  const [username, setUsername] = useState(server?.username ?? '');
  const [password, setPassword] = useState('');
  const [seen] = useState(server?.changed_at ?? null);
  const queries = useQueryClient();
  const acting = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PUT('/api/v1/mail-server', {
          body: {
            host,
            port,
            security,
            sender,
            username,
            ...(password !== '' && { password }),
            changed_at_seen: seen,
          },
        }),
      ),
    onSuccess: () => {
      tellDone('Servidor de e-mail mudado. Envie um teste.');
      onClose();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: KEY }), error),
  });
  const problems = acting.error instanceof ApiProblem ? acting.error.fields : {};
  const text = (
    label: string,
    name: 'host' | 'sender' | 'username',
    value: string,
    onChange: (text: string) => void,
  ) => (
    <TextInput
      label={label}
      description={HELP.mail[name]}
      autoComplete="off"
      value={value}
      error={problems[name]}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Servidor de e-mail"
      consequence="Os avisos por e-mail saem por ele. A senha é guardada cifrada e não se mostra."
      verb="Salvar"
      isReady={host !== '' && sender !== ''}
      acting={acting}
      fields={FIELDS}
    >
      {text('Servidor', 'host', host, setHost)}
      <NumberInput
        label="Porta"
        description={HELP.mail.port}
        min={1}
        max={65_535}
        value={port}
        error={problems['port']}
        onChange={(value) => {
          setPort(Number(value));
        }}
      />
      <Select
        label="Segurança"
        description={HELP.mail.security}
        allowDeselect={false}
        data={SECURITY}
        value={security}
        error={problems['security']}
        onChange={(value) => {
          setSecurity((value ?? 'starttls') as MailServer['security']);
        }}
      />
      {text('Remetente', 'sender', sender, setSender)}
      {text('Usuário', 'username', username, setUsername)}
      <PasswordInput
        label="Senha"
        description={HELP.mail.password}
        autoComplete="new-password"
        value={password}
        error={problems['password']}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
        }}
      />
    </ConfirmDialog>
  );
}
