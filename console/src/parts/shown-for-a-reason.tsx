import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { sentenceOf } from '../api/problem';
import { ReasonInput } from './reason-input';

/** What is personal, shown to whoever says why. It is kept nowhere and goes with the dialog. */
export function ShownForAReason<Shown>({
  title,
  warning,
  size,
  read,
  children,
}: {
  readonly title: string;
  readonly warning: string;
  readonly size?: 'lg';
  readonly read: (reason: string) => Promise<Shown>;
  readonly children: (shown: Shown) => ReactNode;
}) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const reading = useMutation({ gcTime: 0, mutationFn: () => read(reason.trim()) });
  const end = (): void => {
    close();
    reading.reset();
    setReason('');
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {title}
      </Button>
      <Modal opened={isOpen} onClose={end} title={title} {...(size && { size })}>
        {reading.data === undefined ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              reading.mutate();
            }}
          >
            <Stack>
              <Text size="sm">{warning}</Text>
              {reading.error && (
                <Alert color="red" role="alert">
                  {sentenceOf(reading.error)}
                </Alert>
              )}
              <ReasonInput value={reason} onChange={setReason} />
              <Group justify="flex-end">
                <Button variant="default" onClick={end}>
                  Voltar
                </Button>
                <Button type="submit" loading={reading.isPending} disabled={reason.trim() === ''}>
                  Ver
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          children(reading.data)
        )}
      </Modal>
    </>
  );
}
