import { Kbd, Modal, Table, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';

const SHORTCUTS: readonly (readonly [keys: string, does: string])[] = [
  ['J', 'Próxima tarefa'],
  ['K', 'Tarefa anterior'],
  ['Enter', 'Abrir a operação'],
  ['X', 'Escolher, para agir em várias'],
  ['C', 'Assumir'],
  ['R', 'Devolver'],
  ['S', 'Adiar'],
  ['E', 'Resolver'],
  ['M', 'Só as minhas'],
  ['/', 'Buscar'],
  ['?', 'Esta lista'],
];

/** Keys of the page: never while somebody types, and Enter is a button's own where one has the focus. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>, isActive = true): void {
  useHotkeys(
    Object.entries(keys).map(([key, act]) => [
      key,
      ({ target }: KeyboardEvent) => {
        if (!isActive || !(target instanceof HTMLElement) || isTyping(target)) return;
        if (key === 'Enter' && target.closest('button, a') !== null) return;
        act();
      },
    ]),
    [],
  );
}

/** A checkbox is no place to type: one goes on with the keys after ticking it. */
function isTyping(target: HTMLElement): boolean {
  if (target.closest('[role=dialog]') !== null || target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** What each key does, over the work queue. */
export function ShortcutList({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Atalhos do teclado" size="sm">
      <Table aria-label="Atalhos">
        <Table.Tbody>
          {SHORTCUTS.map(([key, does]) => (
            <Table.Tr key={key}>
              <Table.Td w={90}>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        Adiar, resolver, assumir e devolver valem para as escolhidas ou, sem nenhuma, para a tarefa marcada.
      </Text>
    </Modal>
  );
}
