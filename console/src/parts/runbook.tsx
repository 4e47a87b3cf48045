import { List, Text } from '@mantine/core';
import type { Trouble } from '../api/client';

/** What to do about something wrong, from the page of the runbooks. */
export function Runbook({ runbook: { title, about, steps } }: { readonly runbook: Trouble['runbook'] }) {
  return (
    <div>
      <Text fw={600}>{title}</Text>
      {about.map((text) => (
        <Text key={text} size="sm" mb={6}>
          {text}
        </Text>
      ))}
      <List type="ordered" size="sm">
        {steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
    </div>
  );
}
