import { Alert, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type OperationDetail } from '../api/client';
import { decimal, NOTHING, reais, taxpayer } from '../format/format';
import { Facts } from './facts';
import { CHECK, CHECK_VALUE } from '../words/decision-words';
import { OPERATION_STATUS, PAYMENT_REFUSAL, TASK_KIND, wordOf } from '../words/words';

/** What a person decides about: whose loan, of how much, what is doubtful about it. */
export function LoanCase({ operation }: { readonly operation: OperationDetail }) {
  // A refused payment is told in full beside it.
  const open = operation.tasks.filter(
    ({ status, kind }) =>
      status !== 'resolved' && (kind !== 'disbursement_failed' || operation.refused_payment === null),
  );
  return (
    <Stack gap="sm" data-case={operation.credit_operation_key}>
      <LoanFacts operation={operation} />
      <RefusedPayment operation={operation} />
      {open.map(({ id, kind, message }) => (
        <Text key={id} size="sm">
          <b>{wordOf(TASK_KIND, kind)}:</b> {message}
        </Text>
      ))}
      <Checks checks={operation.authorization} />
    </Stack>
  );
}

function LoanFacts({ operation }: { readonly operation: OperationDetail }) {
  const { name, cpf, employer } = useParties(operation);
  return (
    <Facts
      items={[
        ['Trabalhador', name ?? NOTHING],
        ['CPF', cpf ?? NOTHING],
        ['Empregador', taxpayer(employer)],
        ['CCB', operation.contract_number ?? 'a QI ainda não informou'],
        ['Valor ao trabalhador', <b key="amount">{reais(operation.disbursed_issue_amount)}</b>],
        ['Situação', wordOf(OPERATION_STATUS, operation.status)],
      ]}
    />
  );
}

interface Parties {
  readonly name: string | null | undefined;
  readonly cpf: string | null | undefined;
  readonly employer: string | null | undefined;
}

/** Masked, from the auction that was won or the proposal that was issued. */
function useParties({
  issuer_proposal_request_key: auction,
  credit_operation_key: key,
  origin,
}: OperationDetail): Parties {
  const { data } = useQuery({
    queryKey: ['parties', key],
    enabled: origin !== null,
    staleTime: Infinity,
    queryFn: () => (auction === null ? partiesOfProposal(key) : partiesOfAuction(auction)),
  });
  return data ?? { name: undefined, cpf: undefined, employer: undefined };
}

async function partiesOfAuction(key: string): Promise<Parties> {
  const params = { path: { issuer_proposal_request_key: key } };
  const { request } = await bodyOf(api.GET('/api/v1/auctions/{issuer_proposal_request_key}', { params }));
  const { name, document_number: cpf, employer_document_number: employer } = request;
  return { name, cpf, employer };
}

/** A loan without an auction has no employer who pays it. */
async function partiesOfProposal(key: string): Promise<Parties> {
  const params = { query: { credit_operation_key: key } };
  const { items } = await bodyOf(api.GET('/api/v1/proposals', { params }));
  const borrower = items[0]?.borrower;
  return { name: borrower?.name, cpf: borrower?.document_number, employer: undefined };
}

/** Why the money did not arrive, and at which account. */
function RefusedPayment({
  operation: { refused_payment: refused },
}: {
  readonly operation: OperationDetail;
}) {
  if (refused === null) return null;
  return (
    <Alert color="orange" title={wordOf(PAYMENT_REFUSAL, refused.code)}>
      {refused.reason !== null && <Text size="sm">{withoutCode(refused.reason)}</Text>}
      <Text size="sm">
        Conta que recusou: <b>{accountWords(refused.account)}</b>
      </Text>
    </Alert>
  );
}

/** "invalid_document_number: CPF não é..." without the bank's own code. */
const withoutCode = (words: string): string => words.replace(/^[a-z0-9_]+: (?=.)/, '');

function accountWords(account: NonNullable<OperationDetail['refused_payment']>['account']): string {
  if (account === null) return 'a do pedido; a QI não informa qual';
  const { bank, branch, number } = account;
  return `banco ${bank ?? NOTHING}, agência ${branch ?? NOTHING}, conta ${number ?? NOTHING}`;
}

/** What was observed against what the policy in force requires. */
function Checks({ checks }: { readonly checks: OperationDetail['authorization'] }) {
  if (checks.length === 0) return null;
  return (
    <Table aria-label="O que prova a assinatura" verticalSpacing={4} highlightOnHover={false}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Prova</Table.Th>
          <Table.Th>Observado</Table.Th>
          <Table.Th>Exigido</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {checks.map((check, at) => (
          <Table.Tr key={`${check.name} ${String(at)}`} data-check={check.name} data-passes={check.passes}>
            <Table.Td>{wordOf(CHECK, check.name)}</Table.Td>
            <Table.Td fw={600} c={check.passes ? undefined : 'red'}>
              {observedWord(check)}
              {!check.passes && <Text size="xs">não atende</Text>}
            </Table.Td>
            <Table.Td>{requiredWord(check)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

type Check = OperationDetail['authorization'][number];

function observedWord({ name, observed }: Check): string {
  if (observed === null) return 'não informado';
  return CHECK_VALUE[name] === undefined ? decimal(observed, 0) : wordOf(CHECK_VALUE[name], observed);
}

function requiredWord({ name, required }: Check): string {
  if (required === null) return NOTHING;
  const words = CHECK_VALUE[name];
  if (words === undefined) return `${decimal(required, 0)} ou mais`;
  return required
    .split(', ')
    .map((one) => wordOf(words, one))
    .join(' ou ');
}
