import { Loader, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState, type SyntheticEvent } from 'react';
import { api, bodyOf } from '../api/client';
import { ApiProblem, sentenceOf } from '../api/problem';
import { Icon } from './icons';

/** Takes a key, a CPF or a CNPJ and goes where it leads. A CPF goes out in a body and comes back as an opaque mark. */
export function SearchBox() {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useHotkeys([['/', () => input.current?.focus()]]);

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '') return;
    setBusy(true);
    setError(undefined);
    try {
      const { kind, key, mark } = await bodyOf(
        api.POST('/api/v1/history/lookup', { body: { text: text.trim() } }),
      );
      if (kind === 'auction' && key !== null) await navigate({ to: '/historico/$key', params: { key } });
      else if (kind === 'operation' && key !== null)
        await navigate({ to: '/operacoes/$key', params: { key } });
      else if (kind === 'proposal' && key !== null)
        await navigate({ to: '/propostas/$id', params: { id: key } });
      else if (mark !== null) await navigate({ to: '/historico', search: { [kind]: mark } });
      setText('');
    } catch (problem) {
      const isUnknown = problem instanceof ApiProblem && problem.status === 404;
      setError(isUnknown ? 'Nada encontrado' : sentenceOf(problem));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      role="search"
      onSubmit={(event) => void submit(event)}
      style={{ flex: '1 1 14rem', maxWidth: '26rem' }}
    >
      <TextInput
        ref={input}
        aria-label="Buscar por chave, CPF ou CNPJ"
        placeholder="Chave, CPF ou CNPJ  ( / )"
        autoComplete="off"
        leftSection={isBusy ? <Loader size={16} /> : <Icon name="search" size={16} />}
        value={text}
        error={error}
        errorProps={{ role: 'alert', pos: 'absolute' }}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setError(undefined);
        }}
      />
    </form>
  );
}
