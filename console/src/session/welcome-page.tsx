import {
  Alert,
  Button,
  Loader,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, bodyOf } from '../api/client';
import { ApiProblem, sentenceOf } from '../api/problem';
import { AuthenticatorKey } from './authenticator-key';
import { DoorPage } from './door-page';
import { CodeInput } from './sign-in-page';

const MIN_PASSWORD = 12;
/** The form's two columns: what one chooses, and the key. */
const FORM_WIDTH = 760;

/** Behind an invitation's link. The token is in the part of the address that browsers do not send to anybody. */
export function WelcomePage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const [invitation, setInvitation] = useState<{ username: string | null; totp_uri: string }>();
  const [error, setError] = useState<unknown>();
  const [isDone, setDone] = useState(false);

  useEffect(() => {
    bodyOf(api.POST('/api/v1/invitations/inspect', { body: { token } })).then(setInvitation, setError);
  }, [token]);

  return (
    <DoorPage width={invitation === undefined || isDone ? undefined : FORM_WIDTH}>
      <Title order={1}>Boas-vindas</Title>
      {error !== undefined && (
        <Alert color="red" role="alert">
          {sentenceOf(error)}
        </Alert>
      )}
      {isDone ? (
        <Stack>
          <Text>Sua conta está pronta.</Text>
          <Button component="a" href="/">
            Entrar
          </Button>
        </Stack>
      ) : invitation === undefined ? (
        error === undefined && <Loader role="status" aria-label="Carregando" />
      ) : (
        <AcceptanceForm
          token={token}
          invitation={invitation}
          onDone={() => {
            history.replaceState(null, '', '/welcome');
            setDone(true);
          }}
        />
      )}
    </DoorPage>
  );
}

interface FormProps {
  readonly token: string;
  readonly invitation: { readonly username: string | null; readonly totp_uri: string };
  readonly onDone: () => void;
}

function AcceptanceForm({ token, invitation, onDone }: FormProps) {
  const [username, setUsername] = useState(invitation.username ?? '');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [code, setCode] = useState('');
  const accepting = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/invitations/accept', {
        body: { token, password, code, ...(invitation.username === null && { username }) },
      }),
    onSuccess: onDone,
  });
  const { error } = accepting;
  const fields = error instanceof ApiProblem ? error.fields : {};
  const isReady = code.length === 6 && password.length >= MIN_PASSWORD && password === again;

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        accepting.mutate();
      }}
    >
      <Stack>
        {error !== null && Object.keys(fields).length === 0 && (
          <Alert color="red" role="alert">
            {sentenceOf(error)}
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
          <Stack>
            <TextInput
              label="Usuário"
              autoComplete="username"
              required
              readOnly={invitation.username !== null}
              value={username}
              error={fields['username']}
              onChange={(event) => {
                setUsername(event.currentTarget.value);
              }}
            />
            <PasswordInput
              label="Senha"
              description={`Pelo menos ${String(MIN_PASSWORD)} caracteres`}
              autoComplete="new-password"
              required
              value={password}
              error={fields['password']}
              onChange={(event) => {
                setPassword(event.currentTarget.value);
              }}
            />
            <PasswordInput
              label="Senha outra vez"
              autoComplete="new-password"
              required
              value={again}
              error={again !== '' && again !== password ? 'As senhas não são iguais' : undefined}
              onChange={(event) => {
                setAgain(event.currentTarget.value);
              }}
            />
          </Stack>
          <AuthenticatorKey uri={invitation.totp_uri} />
        </SimpleGrid>
        <CodeInput value={code} onChange={setCode} error={fields['code']} />
        <Button type="submit" loading={accepting.isPending} disabled={!isReady}>
          Criar a conta
        </Button>
      </Stack>
    </form>
  );
}
