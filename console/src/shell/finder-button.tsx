import { ActionIcon, Kbd, Tooltip } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Icon } from './icons';

/** Only those load it who ask for it. */
const Finder = lazy(() => import('./finder').then((module) => ({ default: module.Finder })));

/** Ctrl-K anywhere, also while typing: to a page, a rule, a person, an auction or a loan. */
export function FinderButton() {
  const [isOpen, { open, close }] = useDisclosure();
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <Tooltip
        label={
          <>
            Ir para… <Kbd size="xs">Ctrl K</Kbd>
          </>
        }
      >
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Ir para"
          visibleFrom="sm"
          onClick={open}
        >
          <Icon name="goto" />
        </ActionIcon>
      </Tooltip>
      {isOpen && (
        <Suspense fallback={null}>
          <Finder onClose={close} />
        </Suspense>
      )}
    </>
  );
}
