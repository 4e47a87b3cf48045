import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem, sentenceOf } from '../api/problem';
import { useUnsaved } from '../session/unsaved';
import { PROBLEM, wordOf } from '../words/words';
import { useIsPhone } from './use-is-phone';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, in words. */
  readonly consequence?: string | undefined;
  readonly verb: string;
  readonly color?: string;
  readonly isReady?: boolean;
  readonly acting: Pick<UseMutationResult<unknown, unknown, void>, 'mutate' | 'isPending' | 'error'>;
  /** Fields of the form inside, which show what is wrong with them themselves. */
  readonly fields?: readonly string[];
  readonly children?: ReactNode;
}

/** Says what will happen, asks for what is needed, does it, and shows what the service objects to. */
export function ConfirmDialog({
  isOpen,
  onClose,
  title,
  consequence,
  verb,
  color = 'felt',
  isReady = true,
  acting,
  fields = [],
  children,
}: Props) {
  const isPhone = useIsPhone();
  useUnsaved(isOpen);
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size="lg" fullScreen={isPhone}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          acting.mutate();
        }}
      >
        <Stack>
          {consequence !== undefined && <Text size="sm">{consequence}</Text>}
          {acting.error !== null && acting.error !== undefined && (
            <Refusal error={acting.error} fields={fields} />
          )}
          {children}
          <Group justify="flex-end" className="deeds">
            <Button variant="default" onClick={onClose}>
              Voltar
            </Button>
            <Button type="submit" color={color} loading={acting.isPending} disabled={!isReady}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What the service objects to: everything at once, one line each. */
export function Refusal({ error, fields }: { readonly error: unknown; readonly fields: readonly string[] }) {
  if (!(error instanceof ApiProblem) || error.errors.length === 0)
    return (
      <Alert color="red" role="alert">
        {sentenceOf(error)}
      </Alert>
    );
  return (
    <Alert color="red" role="alert" title={wordOf(PROBLEM, error.title)}>
      <List size="sm">
        {error.errors
          .filter(({ path }) => !fields.includes(path.split('.').at(-1) ?? path))
          .map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {message}
              {path !== '' && (
                <Text span size="xs" c="dimmed" className="mono">
                  {' '}
                  {path}
                </Text>
              )}
            </List.Item>
          ))}
      </List>
    </Alert>
  );
}
