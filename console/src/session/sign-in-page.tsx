import {
  Alert,
  Anchor,
  Button,
  PasswordInput,
  PinInput,
  Stack,
  Text,
  TextInput,
  Title,
  Input,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../api/client';
import { ApiProblem, sentenceOf } from '../api/problem';
import { duration } from '../format/format';
import { SIGN_IN_PROBLEM } from '../words/sign-in-words';
import { DoorPage } from './door-page';
import { keepApiToken, keepCsrfToken } from './session';

interface Props {
  readonly isUnreachable: boolean;
  /** Somebody was in, and it ended without their doing. */
  readonly hasEnded: boolean;
  /** What they had begun is behind this page: to leave it would lose that. */
  readonly keepsWork: boolean;
  readonly onSignedIn: () => void;
}

/** Where the service sends whom the identity provider let in, and whom it did not: no page of the router's. */
export const SIGN_IN_PATH = '/sign-in';

/** Name, password and the code of the authenticator; the identity provider, where there is one; or a token of the API. */
export function SignInPage({ isUnreachable, hasEnded, keepsWork, onSignedIn }: Props) {
  const [way, setWay] = useState<'password' | 'token'>('password');
  const methods = useQuery({
    queryKey: ['sign-in-methods'],
    queryFn: () => bodyOf(api.GET('/api/v1/session/methods')),
    enabled: !isUnreachable,
  });
  const problem = problemOf(window.location);
  return (
    <DoorPage>
      {isUnreachable && (
        <Alert color="orange" title="Sem conexão com o serviço" role="status">
          Tentando de novo…
        </Alert>
      )}
      {hasEnded && (
        <Alert color="blue" title="A sessão terminou" role="status">
          {keepsWork
            ? 'O que não foi salvo espera nesta janela. Entre com o mesmo usuário, sem fechá-la, para continuar de onde estava.'
            : 'Entre de novo para continuar.'}
        </Alert>
      )}
      {problem !== undefined && (
        <Alert color="red" role="alert">
          <Text size="sm">{problem}</Text>
        </Alert>
      )}
      {way === 'password' ? <PasswordForm onSignedIn={onSignedIn} /> : <TokenForm onSignedIn={onSignedIn} />}
      {methods.data?.oidc === true && (
        <Button
          component="a"
          href="/api/v1/session/oidc/start"
          variant="default"
          {...(keepsWork && { target: '_blank' })}
        >
          Entrar pelo provedor de identidade
        </Button>
      )}
      <Anchor
        component="button"
        type="button"
        size="sm"
        onClick={() => {
          setWay(way === 'password' ? 'token' : 'password');
        }}
      >
        {way === 'password' ? 'Entrar com um token da API' : 'Entrar com usuário e senha'}
      </Anchor>
    </DoorPage>
  );
}

/** Of an address to which the service sent somebody back; nothing that it says is repeated. */
function problemOf({ pathname, search }: Location): string | undefined {
  const code = new URLSearchParams(search).get('problem') ?? '';
  const isKnown = pathname === SIGN_IN_PATH && Object.hasOwn(SIGN_IN_PROBLEM, code);
  return isKnown ? SIGN_IN_PROBLEM[code] : undefined;
}

function PasswordForm({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const entering = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/session', { body: { username, password, code } })),
    onSuccess: (session) => {
      keepCsrfToken(session.csrf_token);
      onSignedIn();
    },
    onError: () => {
      setCode('');
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        entering.mutate();
      }}
    >
      <Stack>
        <Title order={1}>Entrar</Title>
        {entering.error !== null && <Refusal error={entering.error} />}
        <TextInput
          label="Usuário"
          autoComplete="username"
          required
          value={username}
          onChange={(event) => {
            setUsername(event.currentTarget.value);
          }}
        />
        <PasswordInput
          label="Senha"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        <CodeInput value={code} onChange={setCode} />
        <Button type="submit" loading={entering.isPending} disabled={code.length !== 6}>
          Entrar
        </Button>
      </Stack>
    </form>
  );
}

export function CodeInput({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly error?: string | undefined;
}) {
  return (
    <Input.Wrapper
      label="Código do autenticador"
      description="Os seis dígitos que o aplicativo mostra"
      error={error}
    >
      <PinInput
        length={6}
        type="number"
        oneTimeCode
        placeholder=""
        mt={6}
        value={value}
        onChange={onChange}
        ariaLabel="Código do autenticador"
      />
    </Input.Wrapper>
  );
}

function TokenForm({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const [token, setToken] = useState('');
  const entering = useMutation({
    mutationFn: () => {
      keepApiToken(token.trim());
      return bodyOf(api.GET('/api/v1/session'));
    },
    onSuccess: onSignedIn,
    onError: () => {
      keepApiToken(null);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        entering.mutate();
      }}
    >
      <Stack>
        <Title order={1}>Entrar com token</Title>
        {entering.error !== null && <Refusal error={entering.error} />}
        <PasswordInput
          label="Token da API"
          description="Fica só nesta aba e some com ela"
          required
          value={token}
          onChange={(event) => {
            setToken(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={entering.isPending} disabled={token.trim() === ''}>
          Entrar
        </Button>
      </Stack>
    </form>
  );
}

function Refusal({ error }: { readonly error: unknown }) {
  const wait = error instanceof ApiProblem ? error.retryAfterSeconds : undefined;
  const isTokenRefused = error instanceof ApiProblem && error.type === 'unauthenticated';
  return (
    <Alert color="red" role="alert">
      <Text size="sm">
        {isTokenRefused ? 'Este token não vale, terminou ou foi revogado.' : sentenceOf(error)}
        {wait !== undefined && `: tente de novo em ${duration(wait * 1_000)}.`}
      </Text>
    </Alert>
  );
}
