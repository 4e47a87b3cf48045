import { Group, Select, Table } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type Operation } from '../../api/client';
import { dateTime, monthlyRate, reais, shortKey } from '../../format/format';
import { MarginBadge, OperationBadge } from '../../parts/badges';
import { MoreButton } from '../../parts/more-button';
import { Empty, Loaded } from '../../parts/states';
import { OPERATION_STATUS, optionsOf, PRODUCT, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

const PRODUCTS = optionsOf(PRODUCT);
const STATUSES = optionsOf(OPERATION_STATUS);

/** All loans, newest first. */
export function OperationList() {
  const [status, setStatus] = useState<string | null>(null);
  const [product, setProduct] = useState<string | null>(null);
  const navigate = useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['operations', status, product],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/operations', {
          params: {
            query: {
              limit: 100,
              ...(status !== null && { status: status as Operation['status'] }),
              ...(product !== null && { product: product as 'fgts' }),
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  return (
    <>
      <Group mb="sm">
        <Select
          label="Situação"
          description={HELP.tasks.operationStatus}
          placeholder="Todas"
          clearable
          w={260}
          data={STATUSES}
          value={status}
          onChange={setStatus}
        />
        <Select
          label="Produto"
          description={HELP.tasks.product}
          placeholder="Todos"
          clearable
          w={230}
          data={PRODUCTS}
          value={product}
          onChange={setProduct}
        />
      </Group>
      <Loaded query={query}>
        {({ pages }) => {
          const operations = pages.flatMap(({ items }) => items);
          return operations.length === 0 ? (
            <Empty title="Nenhuma operação">
              Uma operação nasce de um leilão ganho ou de uma proposta aceita. Com filtros, tire um.
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={760}>
              <Table aria-label="Operações">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Aberta</Table.Th>
                    <Table.Th>Operação</Table.Th>
                    <Table.Th>Produto</Table.Th>
                    <Table.Th>Situação</Table.Th>
                    <Table.Th>Desde</Table.Th>
                    <Table.Th ta="right">Valor</Table.Th>
                    <Table.Th ta="right">Prazo</Table.Th>
                    <Table.Th ta="right">Taxa</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {operations.map((operation) => (
                    <Table.Tr
                      key={operation.credit_operation_key}
                      className="row-link"
                      onClick={() =>
                        void navigate({
                          to: '/operacoes/$key',
                          params: { key: operation.credit_operation_key },
                        })
                      }
                    >
                      <Table.Td>{dateTime(operation.opened_at)}</Table.Td>
                      <Table.Td>
                        <Link
                          className="link mono"
                          to="/operacoes/$key"
                          params={{ key: operation.credit_operation_key }}
                        >
                          {shortKey(operation.credit_operation_key)}
                        </Link>
                      </Table.Td>
                      <Table.Td>{wordOf(PRODUCT, operation.product)}</Table.Td>
                      <Table.Td>
                        <Group gap={6}>
                          <OperationBadge status={operation.status} />
                          {operation.margin_status !== null && (
                            <MarginBadge status={operation.margin_status} size="sm" />
                          )}
                        </Group>
                      </Table.Td>
                      <Table.Td>{dateTime(operation.status_since)}</Table.Td>
                      <Table.Td ta="right">{reais(operation.disbursed_issue_amount)}</Table.Td>
                      <Table.Td ta="right">
                        {operation.number_of_installments === null
                          ? '–'
                          : `${String(operation.number_of_installments)}x`}
                      </Table.Td>
                      <Table.Td ta="right">{monthlyRate(operation.monthly_interest_rate)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          );
        }}
      </Loaded>
      <MoreButton query={query} mt="sm" />
    </>
  );
}
