import { ActionIcon, Button, Kbd, VisuallyHidden } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useIsPhone } from '../parts/use-is-phone';
import { useSession } from '../session/session-provider';
import { Finder } from './finder';
import { Icon } from './icons';

/** To a page, a rule, a person, an auction or a loan: by Ctrl-K anywhere, also while typing, and by "/" where nobody types. */
export function FinderButton() {
  const isPhone = useIsPhone();
  const { may } = useSession();
  const [isOpen, { open, close }] = useDisclosure();
  useHotkeys([['mod+K', open]], []);
  useHotkeys([['/', open]]);
  return (
    <>
      {isPhone ? (
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Ir para" onClick={open}>
          <Icon name="search" />
        </ActionIcon>
      ) : (
        <Button
          variant="default"
          className="finder-button"
          leftSection={<Icon name="search" size={16} />}
          rightSection={<Kbd size="xs">Ctrl K</Kbd>}
          onClick={open}
        >
          {/* Read out as what it is; a name of its own would not be what stands on it. */}
          <VisuallyHidden>Ir para: </VisuallyHidden>
          {may('personal_data.reveal') ? 'Chave, CPF, CNPJ, regra ou página' : 'Chave, CNPJ, regra ou página'}
        </Button>
      )}
      {isOpen && <Finder onClose={close} />}
    </>
  );
}
