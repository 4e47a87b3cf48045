import { Group, Paper, Select, Table, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type Proposal } from '../../api/client';
import { dateTime, reais } from '../../format/format';
import { maskedCpf, typedCpf } from '../../format/typed';
import { ProposalBadge } from '../../parts/badges';
import { LinkButton } from '../../parts/link-button';
import { MoreButton } from '../../parts/more-button';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { PROPOSAL_NEXT, PROPOSAL_STATUS } from '../../words/proposal-words';
import { optionsOf, PRODUCT, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

const PAGE = 50;
const POLL_MS = 5_000;
const STATUSES = optionsOf(PROPOSAL_STATUS);

/** The opaque mark of whoever has a CPF: that stands in the body of one request, and in no address. */
async function markOf(cpf: string): Promise<string | null> {
  return (await bodyOf(api.POST('/api/v1/history/lookup', { body: { text: cpf } }))).mark;
}

/** Loans without an auction on their way to the debt, newest first. */
export function ProposalsPage() {
  const { may } = useSession();
  const [status, setStatus] = useState<string | null>(null);
  const [cpf, setCpf] = useState('');
  const document = typedCpf(cpf);
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ['proposals', status, document],
    queryFn: async ({ pageParam }) => {
      const borrower =
        document === undefined
          ? null
          : await queries.query({
              queryKey: ['borrower-mark', document],
              queryFn: () => markOf(document),
              staleTime: 'static',
              // Each look is counted and on record: one is enough for as long as the page is open.
              gcTime: Infinity,
            });
      return bodyOf(
        api.GET('/api/v1/proposals', {
          params: {
            query: {
              limit: PAGE,
              ...(status !== null && { status: status as Proposal['status'] }),
              ...(borrower !== null && { borrower }),
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
        }),
      );
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
  return (
    <Page
      title="Propostas"
      subtitle="Empréstimos sem leilão, da consulta do saldo à emissão"
      actions={
        <Group gap="sm">
          <LinkButton to="/propostas/arquivos" variant="default">
            Arquivos
          </LinkButton>
          {may('proposals.act') && <LinkButton to="/propostas/nova">Nova proposta</LinkButton>}
        </Group>
      }
    >
      <Paper p="md">
        <Group mb="sm" align="flex-start">
          <Select
            label="Situação"
            description={HELP.client.status}
            placeholder="Todas"
            clearable
            w={230}
            data={STATUSES}
            value={status}
            onChange={setStatus}
          />
          {may('personal_data.reveal') && (
            <TextInput
              label="CPF"
              description={HELP.client.find}
              placeholder="000.000.000-00"
              autoComplete="off"
              inputMode="numeric"
              w={180}
              value={cpf}
              error={cpf.length === 14 && document === undefined ? 'Os dígitos não conferem' : undefined}
              onChange={({ currentTarget: { value } }) => {
                setCpf(maskedCpf(value));
              }}
            />
          )}
        </Group>
        <Loaded query={query}>
          {({ pages }) => <ProposalTable proposals={pages.flatMap(({ items }) => items)} />}
        </Loaded>
        <MoreButton query={query} mt="sm" />
      </Paper>
    </Page>
  );
}

function ProposalTable({ proposals }: { readonly proposals: readonly Proposal[] }) {
  const navigate = useNavigate();
  if (proposals.length === 0)
    return <Empty title="Nenhuma proposta">Com outros filtros, ou abra a primeira em “Nova proposta”.</Empty>;
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table aria-label="Propostas">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Aberta</Table.Th>
            <Table.Th>Cliente</Table.Th>
            <Table.Th>Produto</Table.Th>
            <Table.Th>Situação</Table.Th>
            <Table.Th>Desde</Table.Th>
            <Table.Th ta="right">Cliente recebe</Table.Th>
            <Table.Th>Próximo passo</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {proposals.map((proposal) => (
            <Table.Tr
              key={proposal.id}
              className="row-link"
              data-proposal={proposal.id}
              onClick={() => void navigate({ to: '/propostas/$id', params: { id: proposal.id } })}
            >
              <Table.Td>{dateTime(proposal.created_at)}</Table.Td>
              <Table.Td>
                <Link className="link numbers" to="/propostas/$id" params={{ id: proposal.id }}>
                  {proposal.borrower.document_number}
                </Link>
                {proposal.borrower.name !== null && (
                  <Text size="xs" c="dimmed">
                    {proposal.borrower.name}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{wordOf(PRODUCT, proposal.product)}</Table.Td>
              <Table.Td>
                <ProposalBadge status={proposal.status} />
              </Table.Td>
              <Table.Td>{dateTime(proposal.status_since)}</Table.Td>
              <Table.Td ta="right">{reais(proposal.disbursed_issue_amount)}</Table.Td>
              <Table.Td>
                {proposal.failure?.retry_at != null
                  ? `Tentada de novo em ${dateTime(proposal.failure.retry_at)}`
                  : wordOf(PROPOSAL_NEXT, proposal.status)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
