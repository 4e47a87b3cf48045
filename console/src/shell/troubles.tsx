import { Alert, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, bodyOf, type Trouble } from '../api/client';
import { fetchInTime } from '../api/fetch-in-time';
import { ApiProblem } from '../api/problem';
import { troubleLine } from '../words/trouble-words';

/** What breaks is on every page within three of these. */
const POLL_MS = 4_000;
const KEY = ['troubles'];

type Troubles = Awaited<ReturnType<typeof askTroubles>>;
const askTroubles = () => bodyOf(api.GET('/api/v1/troubles'));

/** What is wrong now, worst first; told without the database as well. */
export function useTroubles() {
  const queries = useQueryClient();
  return useQuery({
    queryKey: KEY,
    queryFn: () => readTroubles(queries.getQueryData<Troubles>(KEY)),
    refetchInterval: POLL_MS,
    retry: false,
    select: ({ items }) => items,
  });
}

/** Without its database the service does not know who asks, and says only that it is not ready. */
async function readTroubles(before: Troubles | undefined): Promise<Troubles> {
  try {
    return await askTroubles();
  } catch (error) {
    const isPassing = error instanceof ApiProblem && error.isPassing;
    if (before === undefined || !isPassing || !(await isWithoutDatabase())) throw error;
    const known = before.items.find(({ kind }) => kind === 'database_down');
    return { ...before, items: [known ?? withoutDatabase(before)] };
  }
}

async function isWithoutDatabase(): Promise<boolean> {
  const { status } = await fetchInTime(new Request('/health/ready'));
  return status === 503;
}

const withoutDatabase = ({ without_database: runbook }: Troubles): Trouble => ({
  kind: 'database_down',
  since: new Date().toISOString(),
  severity: 'critical',
  count: null,
  detail: null,
  runbook,
});

/** On every page, one line for each thing that keeps auctions unanswered; what can wait stands on the health page alone. */
export function TroubleBanner() {
  const critical = useTroubles().data?.filter(({ severity }) => severity === 'critical') ?? [];
  if (critical.length === 0) return null;
  return (
    <Alert color="red" role="status" mb="md" aria-label="O que está errado agora">
      {critical.map((trouble) => (
        <Group
          key={`${trouble.kind} ${trouble.detail ?? ''}`}
          justify="space-between"
          gap="xs"
          data-trouble={trouble.kind}
        >
          <Text size="sm" fw={600}>
            {troubleLine(trouble)}
          </Text>
          <Link to="/saude" hash={trouble.kind} className="link">
            O que fazer
          </Link>
        </Group>
      ))}
    </Alert>
  );
}
