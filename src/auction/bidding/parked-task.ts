import type { AuctionParkReason } from '../domain/status-reasons';
import type { AuctionTask } from '../ports';

const SENTENCES: Readonly<Record<AuctionParkReason, string>> = {
  limit_missing: 'A QI não informou quando o leilão encerra.',
  limit_unreadable: 'O encerramento do leilão não pôde ser lido.',
  limit_not_after_event: 'O encerramento do leilão vem antes do próprio pedido, em qualquer fuso.',
  limit_too_far: 'O encerramento do leilão está longe demais do pedido.',
  request_unreadable: 'O pedido guardado não pôde ser lido de novo.',
  decision_failed: 'A decisão falhou: nenhuma oferta foi feita. É um erro do sistema.',
};

/** What a person is told of an auction that was parked. */
export function parkedTask(auctionKey: string, reason: AuctionParkReason): AuctionTask {
  return { kind: 'auction_parked', auctionKey, code: reason.toUpperCase(), message: SENTENCES[reason] };
}
