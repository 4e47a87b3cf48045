import { Text } from '@mantine/core';

/** What an action does and whether it can be taken back: the last thing that is read before the button. */
export function WhatFollows({ consequence, undo }: { readonly consequence: string; readonly undo: string }) {
  return (
    <div>
      <Text size="sm">
        <b>O que acontece:</b> {consequence}
      </Text>
      <Text size="sm">
        <b>Dá para desfazer?</b> {undo}
      </Text>
    </div>
  );
}
