import { Alert } from '@mantine/core';
import { sentenceOf } from '../api/problem';

/** Why what figures were to be held against is not there. */
export function OtherPeriodUnread({ error }: { readonly error: unknown }) {
  return (
    <Alert color="red" mb="md" title="O outro período não pôde ser lido">
      {sentenceOf(error)}
    </Alert>
  );
}
