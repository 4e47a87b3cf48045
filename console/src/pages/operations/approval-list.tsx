import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, bodyOf, type Approval } from '../../api/client';
import { dateTime, reais, shortKey } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { actorWord } from '../../words/words';
import { askedWord, DecideButtons } from './decide-buttons';

const STATUS: Readonly<Record<string, readonly [string, string]>> = {
  pending: ['à espera', 'yellow'],
  approved: ['aprovada', 'teal'],
  rejected: ['recusada', 'gray'],
  withdrawn: ['retirada', 'gray'],
};

/** What one person asked for and another decides. */
export function ApprovalList() {
  const query = useQuery({
    queryKey: ['approvals'],
    queryFn: () => bodyOf(api.GET('/api/v1/approvals', { params: { query: { limit: 100 } } })),
    refetchInterval: 5_000,
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nenhuma aprovação">O que exige duas pessoas aparece aqui.</Empty>
        ) : (
          <Stack gap="sm" component="ul" aria-label="Aprovações" className="cards">
            {items.map((approval) => (
              <ApprovalCard key={approval.approval_id} approval={approval} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

/** One request, with what it is about: a card, so that a phone shows all of it. */
function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const { credit_operation_key: key, status } = approval;
  return (
    <Paper p="sm" component="li" data-approval={approval.action}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} flex="1 1 15rem" miw={0}>
          <Group gap="xs">
            <Text fw={600}>{askedWord(approval)}</Text>
            <Badge variant="light" color={STATUS[status]?.[1] ?? 'gray'} tt="none">
              {STATUS[status]?.[0] ?? status}
            </Badge>
          </Group>
          {key !== null && (
            <Text size="sm">
              <b>{reais(approval.amount)}</b>, operação{' '}
              <Link className="link mono" to="/operacoes/$key" params={{ key }}>
                {shortKey(key)}
              </Link>
            </Text>
          )}
          <Text size="sm" className="breaks">
            “{approval.reason}”
          </Text>
          <Text size="xs" c="dimmed">
            {actorWord(approval.requested_by)}, {dateTime(approval.requested_at)}
            {approval.decided_by !== null &&
              ` · decidiu ${actorWord(approval.decided_by)}, ${dateTime(approval.decided_at)}`}
            {approval.note !== null && ` · “${approval.note}”`}
          </Text>
        </Stack>
        <DecideButtons approval={approval} />
      </Group>
    </Paper>
  );
}
