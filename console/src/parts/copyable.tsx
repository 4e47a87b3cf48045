import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { Icon } from '../shell/icons';

/** A key to be read, and taken elsewhere whole. */
export function Copyable({ text, shown = text }: { readonly text: string; readonly shown?: string }) {
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Text span className="mono" title={text}>
        {shown}
      </Text>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copiado' : 'Copiar'}>
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copiar ${text}`}>
              <Icon name={copied ? 'operations' : 'copy'} size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
