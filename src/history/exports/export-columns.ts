import { AUCTION_STATUS, NO_MARGIN, OPERATION_STATUS, reasonWord, STATUS_REASON, wordOf } from '../../words';
import type { AuctionRowView } from '../auction-row';

export type ColumnKind = 'text' | 'cnpj' | 'amount' | 'rate' | 'count' | 'instant';

export interface ExportColumn<Row> {
  /** For people, in CSV and XLSX. */
  readonly title: string;
  /** For programs, in Parquet. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Amounts and rates are exact decimals, instants ISO 8601, a CNPJ bare or a mask, all in text. */
  readonly value: (row: Row) => string | number | null;
}

const column = (
  title: string,
  name: keyof AuctionRowView,
  kind: ColumnKind,
  value?: ExportColumn<AuctionRowView>['value'],
): ExportColumn<AuctionRowView> => ({
  title,
  name,
  kind,
  value:
    value ??
    ((row) => {
      const plain = row[name];
      return Array.isArray(plain) ? plain.join(', ') : plain;
    }),
});

/** The same in words, in a column of its own: programs read codes, people words. */
const inWords = (
  title: string,
  name: string,
  value: ExportColumn<AuctionRowView>['value'],
): ExportColumn<AuctionRowView> => ({
  title,
  name,
  kind: 'text',
  value,
});
const wordOrNothing = (...[words, code]: Parameters<typeof wordOf>): string | null =>
  code === null ? null : wordOf(words, code);

/** What an exported auction says. People are masked, as on the screen; beside each word stands its code. */
export const AUCTION_COLUMNS: readonly ExportColumn<AuctionRowView>[] = [
  column('Leilão', 'issuer_proposal_request_key', 'text'),
  column('Recebido', 'received_at', 'instant'),
  inWords('Situação', 'status_words', ({ status }) => wordOf(AUCTION_STATUS, status)),
  column('Situação (código)', 'status', 'text'),
  inWords('Causa', 'status_reason_words', (row) => wordOrNothing(STATUS_REASON, row.status_reason)),
  column('Causa (código)', 'status_reason', 'text'),
  column('Encerra em', 'inclusion_limit_datetime', 'instant'),
  column('CPF', 'document_number', 'text'),
  column('Trabalhador', 'name', 'text'),
  column('Empregador', 'employer_document_number', 'cnpj'),
  column('Valor pedido', 'requested_amount', 'amount'),
  column('Prazo pedido', 'requested_installments', 'count'),
  column('Margem consignável', 'consigned_credit_balance', 'amount'),
  column('Decidido', 'decided_at', 'instant'),
  inWords('Motivos', 'reasons_words', (row) => row.reason_codes.map(reasonWord).join('; ')),
  column('Motivos (códigos)', 'reason_codes', 'text'),
  column('Versão da política', 'policy_version', 'text'),
  column('Taxa mensal', 'monthly_interest_rate', 'rate'),
  column('CET mensal', 'monthly_cet', 'rate'),
  column('Valor ofertado', 'disbursed_issue_amount', 'amount'),
  column('Parcela', 'installment_face_value', 'amount'),
  column('Prazo ofertado', 'number_of_installments', 'count'),
  column('Enviado', 'submitted_at', 'instant'),
  column('Posição', 'rank_position', 'count'),
  column('Operação', 'credit_operation_key', 'text'),
  inWords('Situação da operação', 'operation_status_words', (row) =>
    wordOrNothing(OPERATION_STATUS, row.operation_status),
  ),
  column('Situação da operação (código)', 'operation_status', 'text'),
  column('Margem esperada', 'expected_margin', 'amount'),
  column('Margem esperada (a.m.)', 'margin_rate', 'rate'),
  column('Margem realizada', 'realised_margin', 'amount'),
  column('Margem realizada (a.m.)', 'realised_margin_rate', 'rate'),
  inWords('Sem margem porque', 'margin_unknown_words', (row) => wordOrNothing(NO_MARGIN, row.margin_unknown)),
  column('Sem margem porque (código)', 'margin_unknown', 'text'),
];
