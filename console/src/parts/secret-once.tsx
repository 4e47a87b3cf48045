import { Alert, Button, Code, CopyButton, Group, Text } from '@mantine/core';

/** Something that is shown this once. */
export function SecretOnce({
  title,
  note,
  secret,
}: {
  readonly title: string;
  readonly note: string;
  readonly secret: string;
}) {
  return (
    <Alert color="yellow" title={title} role="status">
      <Text size="sm">{note}</Text>
      <Group mt="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copiado' : 'Copiar'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
