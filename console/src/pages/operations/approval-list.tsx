import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, bodyOf, type Approval } from '../../api/client';
import { dateTime, reais, shortKey } from '../../format/format';
import { askedWord, DecideButtons } from '../../parts/decide-buttons';
import { MoreButton } from '../../parts/more-button';
import { Empty, Loaded } from '../../parts/states';
import { actorWord } from '../../words/words';

const STATUS: Readonly<Record<string, readonly [string, string]>> = {
  pending: ['à espera', 'yellow'],
  approved: ['aprovada', 'teal'],
  rejected: ['recusada', 'gray'],
  withdrawn: ['retirada', 'gray'],
};

const PAGE = 100;
const POLL_MS = 5_000;

/** Newest first, page by page. */
function useApprovals(status?: Approval['status']) {
  return useInfiniteQuery({
    queryKey: ['approvals', status],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/approvals', {
          params: {
            query: {
              limit: PAGE,
              ...(status !== undefined && { status }),
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: POLL_MS,
  });
}

/** What one person asked for and another decides: what still waits comes first, however much was decided since. */
export function ApprovalList() {
  const pending = useApprovals('pending');
  const all = useApprovals();
  return (
    <>
      <Loaded query={pending}>
        {(waiting) => (
          <Loaded query={all}>
            {({ pages }) => (
              <Cards
                waiting={waiting.pages.flatMap(({ items }) => items)}
                decided={pages.flatMap(({ items }) => items).filter(({ status }) => status !== 'pending')}
              />
            )}
          </Loaded>
        )}
      </Loaded>
      <MoreButton query={pending.hasNextPage ? pending : all} mt="sm" />
    </>
  );
}

function Cards({
  waiting,
  decided,
}: {
  readonly waiting: readonly Approval[];
  readonly decided: readonly Approval[];
}) {
  if (waiting.length + decided.length === 0)
    return <Empty title="Nenhuma aprovação">O que exige duas pessoas aparece aqui.</Empty>;
  const card = (approval: Approval) => <ApprovalCard key={approval.approval_id} approval={approval} />;
  return (
    <Stack gap="sm" component="ul" aria-label="Aprovações" className="cards">
      {waiting.map(card)}
      {decided.map(card)}
    </Stack>
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
