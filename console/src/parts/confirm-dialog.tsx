import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api/problem';

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
  children,
}: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          acting.mutate();
        }}
      >
        <Stack>
          {consequence !== undefined && <Text size="sm">{consequence}</Text>}
          {acting.error !== null && acting.error !== undefined && (
            <Alert color="red" role="alert">
              {sentenceOf(acting.error)}
            </Alert>
          )}
          {children}
          <Group justify="flex-end">
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
