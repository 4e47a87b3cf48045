import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { shortKey } from '../format/format';
import { Icon } from '../shell/icons';

/** The beginning of a key to know it by; the button takes the whole key. */
export function Copyable({
  text,
  shown = shortKey(text),
}: {
  readonly text: string;
  readonly shown?: string;
}) {
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Text span className="mono">
        {shown}
      </Text>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copiado' : 'Copiar'}>
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copiar ${shown}`}>
              <Icon name={copied ? 'operations' : 'copy'} size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
