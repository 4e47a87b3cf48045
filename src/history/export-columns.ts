import type { AuctionRowView } from './auction-row';

export type ColumnKind = 'text' | 'amount' | 'rate' | 'count' | 'instant';

export interface ExportColumn {
  /** For people, in CSV and XLSX. */
  readonly title: string;
  /** For programs, in Parquet. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Amounts and rates are exact decimals, instants ISO 8601, all in text. */
  readonly value: (row: AuctionRowView) => string | number | null;
}

const column = (
  title: string,
  name: keyof AuctionRowView,
  kind: ColumnKind,
  value?: ExportColumn['value'],
): ExportColumn => ({
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

/** What an exported auction says. People are masked, as on the screen. */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  column('Leilão', 'issuer_proposal_request_key', 'text'),
  column('Recebido', 'received_at', 'instant'),
  column('Situação', 'status', 'text'),
  column('Causa', 'status_reason', 'text'),
  column('Limite', 'inclusion_limit_datetime', 'instant'),
  column('CPF', 'document_number', 'text'),
  column('Trabalhador', 'name', 'text'),
  column('Empregador', 'employer_document_number', 'text'),
  column('Valor pedido', 'requested_amount', 'amount'),
  column('Prazo pedido', 'requested_installments', 'count'),
  column('Margem', 'consigned_credit_balance', 'amount'),
  column('Decidido', 'decided_at', 'instant'),
  column('Motivos', 'reason_codes', 'text'),
  column('Versão da política', 'policy_version', 'text'),
  column('Taxa mensal', 'monthly_interest_rate', 'rate'),
  column('CET mensal', 'monthly_cet', 'rate'),
  column('Valor ofertado', 'disbursed_issue_amount', 'amount'),
  column('Parcela', 'installment_face_value', 'amount'),
  column('Prazo ofertado', 'number_of_installments', 'count'),
  column('Enviado', 'submitted_at', 'instant'),
  column('Posição', 'rank_position', 'count'),
  column('Operação', 'credit_operation_key', 'text'),
  column('Situação da operação', 'operation_status', 'text'),
];
