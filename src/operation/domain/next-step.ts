import type { MarginStatus } from './margin-state';
import type { OperationStatus } from './operation-state';
import { isClosed, type Endings } from './two-endings';

const CLOSED: Readonly<Partial<Record<OperationStatus, string>>> = {
  disbursed: 'Nada a fazer: pago e averbado.',
  canceled_permanently: 'Nada a fazer: contrato cancelado e margem livre.',
  reservation_failed: 'Nada a fazer: a QI cancelou o contrato e a margem está livre.',
};

const PAID_UNSECURED =
  'Pago, e a margem foi liberada: se ainda há parcelas a pagar, conferir com a QI por quê.';

const CONTRACT: Readonly<Partial<Record<OperationStatus, string>>> = {
  awaiting_signature: 'O servidor assina o contrato pelo link da QI.',
  signature_failed: 'A assinatura falhou: o servidor assina de novo, ou a operação é cancelada.',
  reserved: 'A QI desembolsa.',
  disbursement_failed: 'O desembolso não saiu: reenviar com conta e data certas, ou cancelar.',
  canceling: 'A QI cancela o contrato.',
};

const MARGIN: Readonly<Record<MarginStatus, string>> = {
  not_asked: 'A QI pede a reserva ao SIAPE no horário dele.',
  pending_consent:
    'O servidor dá a anuência no SouGov.br. Cancelar agora não libera a margem antes da resposta ou do fim do prazo.',
  pending_consent_with_deletion:
    'Cancelamento já pedido: a margem fica livre com a resposta do servidor ou no fim do prazo. Não repetir, e não emitir outra operação neste vínculo.',
  retrying: 'A QI tenta a reserva de novo sozinha: não emitir outra operação.',
  unexplained: 'Perguntar à QI por que a reserva falhou.',
  held: 'A margem está reservada.',
  refused: 'A margem não foi reservada.',
  released: 'A margem está livre.',
};

/** What was to be deleted with the servant's answer, or without it at the end of the time, and QI has not said so. */
const DELETION_OVERDUE = 'O prazo da anuência terminou e a QI não disse que a margem está livre:';

/**
 * What has to happen next to a loan with two endings, and by whom; in Portuguese for people.
 * @param isConsentOver the time for the servant's answer
 */
export function nextStep(
  endings: Endings & { readonly margin: MarginStatus },
  isConsentOver = false,
): string {
  const { status, margin } = endings;
  if (status === 'disbursed' && margin === 'released') return PAID_UNSECURED;
  if (isClosed(endings)) return CLOSED[status] ?? '';
  const isOver = status === 'canceled_permanently' || status === 'disbursed';
  if (margin === 'pending_consent_with_deletion' && isConsentOver)
    return `${DELETION_OVERDUE} ${isOver ? 'pedir à QI que a libere.' : 'perguntar à QI, ou cancelar de novo.'}`;
  if (isOver) return `O contrato chegou ao fim e a margem não. ${MARGIN[margin]}`;
  const isGone = margin === 'released' || margin === 'refused';
  if (isGone && status !== 'canceling')
    return `${MARGIN[margin]} O contrato continua aberto: cancelar definitivamente.`;
  return [CONTRACT[status], MARGIN[margin]].filter((each) => each !== undefined).join(' ');
}
