import { ActionIcon, Menu } from '@mantine/core';
import { Icon } from '../../shell/icons';

interface Props {
  readonly name: string;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
}

/** What else may be done with a row: it is copied, or taken out. */
export function CopyOrRemove({ name, onCopy, onRemove }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Mais sobre ${name}`}>
          <Icon name="more" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onCopy}>Copiar</Menu.Item>
        <Menu.Item color="red" onClick={onRemove}>
          Tirar
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
