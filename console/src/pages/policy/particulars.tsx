import { Group, Text } from '@mantine/core';
import type { PolicyVersion } from '../../api/client';
import { dateTime } from '../../format/format';
import { PolicyBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { actorWord } from '../../words/words';
import { DraftName } from './draft-name';
import { useReview } from './reviews';

/** What stands under the title of a version: its state, whose it is, who approved it. */
export function Particulars({ version, name }: { readonly version: PolicyVersion; readonly name: string }) {
  return (
    <Group gap="sm">
      <PolicyBadge status={version.state} />
      <DraftName version={version} />
      <span>{name}</span>
      <Copyable text={version.hash} shown={version.hash.slice(0, 12)} />
      <span>
        {version.authors.map(actorWord).join(', ')} · {dateTime(version.changed_at)}
      </span>
      {version.approver !== null && <Approved version={version} approver={version.approver} />}
      {version.activate_at !== null && <span>entra em vigor {dateTime(version.activate_at)}</span>}
      {version.activation_refused !== null && (
        <Text span size="sm" c="red" data-refused>
          A ativação agendada foi recusada em {dateTime(version.activation_refused.at)}:{' '}
          {version.activation_refused.message}
        </Text>
      )}
    </Group>
  );
}

function Approved({ version, approver }: { readonly version: PolicyVersion; readonly approver: string }) {
  const isUnseen = useReview(version).data?.approval?.unseen === true;
  return (
    <span>
      aprovada por {actorWord(approver)}
      {isUnseen && ', que não tinha aberto a diferença'}
    </span>
  );
}
