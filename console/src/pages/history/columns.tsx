import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { createColumnHelper } from '@tanstack/react-table';
import type { AuctionRow } from '../../api/client';
import { dateTime, duration, monthlyRate, reais, shortKey, taxpayer } from '../../format/format';
import { AuctionBadge, OperationBadge } from '../../parts/badges';
import { NO_MARGIN } from '../../words/result-words';
import { inSentence, reasonWord, wordOf } from '../../words/words';

const column = createColumnHelper<AuctionRow>();

/** Everything a list of auctions can show; the reader chooses. `meta.right` aligns numbers. */
export const COLUMNS = [
  column.accessor('received_at', {
    header: 'Recebido',
    cell: (cell) => dateTime(cell.getValue()),
    size: 152,
  }),
  column.accessor('issuer_proposal_request_key', {
    id: 'key',
    header: 'Leilão',
    size: 86,
    enableHiding: false,
    cell: (cell) => (
      <Link className="link mono" to="/historico/$key" params={{ key: cell.getValue() }}>
        {shortKey(cell.getValue())}
      </Link>
    ),
  }),
  column.accessor('status', {
    header: 'Situação',
    size: 138,
    cell: (cell) => <AuctionBadge status={cell.getValue()} />,
  }),
  column.accessor('document_number', {
    id: 'cpf',
    header: 'CPF',
    size: 136,
    cell: (cell) => cell.getValue() ?? '–',
  }),
  column.accessor('name', { header: 'Trabalhador', size: 170, cell: (cell) => cell.getValue() ?? '–' }),
  column.accessor('employer_document_number', {
    id: 'employer',
    header: 'Empregador',
    size: 176,
    cell: (cell) => taxpayer(cell.getValue()),
  }),
  column.accessor('requested_amount', {
    header: 'Pedido',
    size: 128,
    meta: { right: true },
    cell: (cell) => reais(cell.getValue()),
  }),
  column.accessor('requested_installments', {
    id: 'term',
    header: 'Prazo',
    size: 64,
    meta: { right: true },
    cell: (cell) => (cell.getValue() === null ? '–' : `${String(cell.getValue())}x`),
  }),
  column.accessor('consigned_credit_balance', {
    id: 'margin',
    header: 'Margem consignável',
    size: 156,
    meta: { right: true },
    cell: (cell) => reais(cell.getValue()),
  }),
  column.accessor('monthly_interest_rate', {
    id: 'rate',
    header: 'Taxa',
    size: 112,
    meta: { right: true },
    cell: (cell) => monthlyRate(cell.getValue()),
  }),
  column.accessor('monthly_cet', {
    id: 'cet',
    header: 'CET',
    size: 124,
    meta: { right: true },
    cell: (cell) => monthlyRate(cell.getValue()),
  }),
  column.accessor('disbursed_issue_amount', {
    id: 'offered',
    header: 'Ofertado',
    size: 128,
    meta: { right: true },
    cell: (cell) => reais(cell.getValue()),
  }),
  column.accessor('installment_face_value', {
    id: 'installment',
    header: 'Parcela',
    size: 124,
    meta: { right: true },
    cell: (cell) => reais(cell.getValue()),
  }),
  column.accessor('expected_margin', {
    id: 'expected',
    header: 'Margem esperada',
    size: 150,
    meta: { right: true },
    cell: ({ row: { original } }) => (
      <span title={withoutMargin(original)}>{reais(original.expected_margin)}</span>
    ),
  }),
  column.accessor('margin_rate', {
    id: 'expected_rate',
    header: 'Margem (% a.m.)',
    size: 140,
    meta: { right: true },
    cell: (cell) => monthlyRate(cell.getValue()),
  }),
  column.accessor('realised_margin', {
    id: 'realised',
    header: 'Margem realizada',
    size: 150,
    meta: { right: true },
    cell: (cell) => reais(cell.getValue()),
  }),
  column.accessor('rank_position', {
    id: 'rank',
    header: 'Posição',
    size: 84,
    meta: { right: true },
    cell: (cell) => (cell.getValue() === null ? '–' : `${String(cell.getValue())}º`),
  }),
  column.display({
    id: 'time_to_bid',
    header: 'Tempo',
    size: 84,
    meta: { right: true },
    cell: ({ row: { original } }) =>
      original.submitted_at === null
        ? '–'
        : duration(new Date(original.submitted_at).getTime() - new Date(original.received_at).getTime()),
  }),
  column.accessor('reason_codes', {
    id: 'reasons',
    header: 'Motivos',
    size: 162,
    cell: (cell) => (
      <Text size="sm" truncate title={cell.getValue().map(reasonWord).join(', ')}>
        {cell.getValue().map(reasonWord).join(', ') || '–'}
      </Text>
    ),
  }),
  column.accessor('policy_version', {
    id: 'policy',
    header: 'Política',
    size: 80,
    cell: (cell) => cell.getValue() ?? '–',
  }),
  column.accessor('operation_status', {
    id: 'operation',
    header: 'Operação',
    size: 184,
    cell: ({ row: { original } }) =>
      original.operation_status === null ? '–' : <OperationBadge status={original.operation_status} />,
  }),
];

function withoutMargin({ margin_unknown: why }: AuctionRow): string | undefined {
  return why === null ? undefined : `Sem margem: ${inSentence(wordOf(NO_MARGIN, why))}`;
}

export const SHOWN_AT_FIRST: Readonly<Record<string, boolean>> = {
  name: false,
  margin: false,
  cet: false,
  installment: false,
  time_to_bid: false,
  policy: false,
  rank: false,
  operation: false,
  expected_rate: false,
  realised: false,
};
