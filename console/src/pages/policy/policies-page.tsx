import { Button, Paper, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, bodyOf, type PolicySummary } from '../../api/client';
import { dateTime } from '../../format/format';
import { PolicyBadge } from '../../parts/badges';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { actorWord } from '../../words/words';
import { useNewDraft } from './use-new-draft';

/** All versions of the policy and where each stands. */
export function PoliciesPage() {
  const { may } = useSession();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['policies'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies', { params: { query: { limit: 100 } } })),
    refetchInterval: 10_000,
  });
  const draft = useNewDraft();
  return (
    <Page
      title="Política"
      subtitle="Cada mudança é uma versão: rascunho, revisão, aprovação por outra pessoa, ativação."
      actions={
        may('policies.write_values') && (
          <Button
            loading={draft.isPending}
            onClick={() => {
              draft.mutate();
            }}
          >
            Novo rascunho
          </Button>
        )
      }
    >
      <Paper p={0}>
        <Loaded query={query}>
          {({ items }) => (
            <Table.ScrollContainer minWidth={760}>
              <Table aria-label="Versões da política">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Versão</Table.Th>
                    <Table.Th>Nome</Table.Th>
                    <Table.Th>Estado</Table.Th>
                    <Table.Th>Autores</Table.Th>
                    <Table.Th>Aprovada por</Table.Th>
                    <Table.Th>Mudada</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((policy) => (
                    <Table.Tr
                      key={policy.number}
                      className="row-link"
                      onClick={() =>
                        void navigate({ to: '/politica/$number', params: { number: String(policy.number) } })
                      }
                    >
                      <Table.Td>
                        <Link
                          className="link"
                          to="/politica/$number"
                          params={{ number: String(policy.number) }}
                        >
                          {policy.number}
                        </Link>
                        {policy.based_on !== null && (
                          <Text span size="xs" c="dimmed">
                            {' '}
                            de {policy.based_on}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td>
                        {policy.own_name ?? nameAmong(policy, items)}
                        {policy.own_name !== null && (
                          <Text size="xs" c="dimmed">
                            {policy.name}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td>
                        <PolicyBadge status={policy.state} />{' '}
                        {policy.shadow && (
                          <Text span size="xs" c="dimmed">
                            em sombra
                          </Text>
                        )}
                        {policy.activate_at !== null && (
                          <Text span size="xs" c="dimmed">
                            para {dateTime(policy.activate_at)}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td>{policy.authors.map(actorWord).join(', ')}</Table.Td>
                      <Table.Td>{policy.approver === null ? '–' : actorWord(policy.approver)}</Table.Td>
                      <Table.Td>{dateTime(policy.changed_at)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Loaded>
      </Paper>
    </Page>
  );
}

/** A draft without a name of its own is called as what it was copied from: its number tells it apart. */
function nameAmong({ number, name, state }: PolicySummary, all: readonly PolicySummary[]): string {
  const isTaken = all.some((other) => other.number !== number && other.name === name);
  return state === 'draft' && isTaken ? `${name} (rascunho ${String(number)})` : name;
}
