import { Paper, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, bodyOf } from '../../api/client';
import { reais } from '../../format/format';
import { ActionButton } from '../../parts/action-button';
import { ProposalBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { Page } from '../../parts/page';
import { saveAnswer } from '../../parts/save-as';
import { Loaded } from '../../parts/states';

const POLL_MS = 5_000;

/** One file of proposals: what each of its lines has started, and where that stands now. */
export function FilePage() {
  const { id } = useParams({ from: '/propostas/arquivos/$id' });
  const query = useQuery({
    queryKey: ['proposal-batch', id],
    queryFn: () => bodyOf(api.GET('/api/v1/proposal-batches/{id}', { params: { path: { id } } })),
    refetchInterval: POLL_MS,
  });
  const getResult = () =>
    api.GET('/api/v1/proposal-batches/{id}/result', { params: { path: { id } }, parseAs: 'blob' });
  return (
    <Page
      title="Arquivo de propostas"
      subtitle={<Copyable text={id} />}
      actions={
        <ActionButton size="sm" act={() => saveAnswer(getResult(), 'propostas.csv')}>
          Baixar o resultado
        </ActionButton>
      }
    >
      <Paper p="md">
        <Loaded query={query} lines={8}>
          {({ lines, started, refused }) => (
            <>
              <Text size="sm" mb="sm">
                {started} propostas começadas, {refused} linhas recusadas.
              </Text>
              <Table.ScrollContainer minWidth={680}>
                <Table aria-label="Linhas do arquivo">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Linha</Table.Th>
                      <Table.Th>Cliente</Table.Th>
                      <Table.Th>Situação</Table.Th>
                      <Table.Th ta="right">Cliente recebe</Table.Th>
                      <Table.Th>Motivo</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {lines.map(({ row, proposal, problems }) => (
                      <Table.Tr key={row} data-line={row}>
                        <Table.Td>{row}</Table.Td>
                        <Table.Td>
                          {proposal === null ? (
                            '–'
                          ) : (
                            <Link className="link numbers" to="/propostas/$id" params={{ id: proposal.id }}>
                              {proposal.document_number}
                            </Link>
                          )}
                        </Table.Td>
                        <Table.Td>
                          {proposal === null ? (
                            'Recusada no arquivo'
                          ) : (
                            <ProposalBadge status={proposal.status} />
                          )}
                        </Table.Td>
                        <Table.Td ta="right">{reais(proposal?.disbursed_issue_amount)}</Table.Td>
                        <Table.Td>
                          {proposal?.failure ??
                            problems.map(({ place, message }) => `${place}: ${message}`).join('; ')}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </>
          )}
        </Loaded>
      </Paper>
    </Page>
  );
}
