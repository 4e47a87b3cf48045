import { Literal } from '../../parts/literal';
import { webhookWord } from '../../words/words';

/** What QI told; of a kind that we do not know, the name that QI gives it too. */
export function WebhookName({ type }: { readonly type: string | null }) {
  const word = webhookWord(type);
  return (
    <>
      {word}
      {type !== null && word === webhookWord('?') && (
        <>
          {' '}
          <Literal size="xs">{type}</Literal>
        </>
      )}
    </>
  );
}
