import { showDate, showReais, type CalendarDate, type Decimal } from '../../kernel';
import { inProse, OPERATION_STATUS, qiCodeWord, qiRefusalWord, wordOf } from '../../words';
import type { AuthorizationDoubt } from './authorization';
import type { MarginStatus } from './margin-state';
import type { OperationAction } from './operation-action';
import type { Failure } from './operation-event';
import type { OperationStatus } from './operation-state';
import { refusalOf, type LoanProduct } from './products';
import type { WithdrawalObstacle } from './withdrawal-right';
import { closes, endsWhatWasAsked, type Endings } from './two-endings';

/** Why somebody must look. One kind is open at most once per operation or auction. */
export const TASK_KINDS = [
  'authorization_review',
  'reservation_unexplained',
  'disbursement_failed',
  'contradiction',
  'command_rejected',
  'command_unknown',
  'unlinked_operation',
  'late',
  'margin_unsettled',
  'auction_parked',
  'pricing_drift',
  'human_review',
  'proposal_refused',
  'proposal_unknown',
  'proposal_review',
  'authorization_ending',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Tasks that only make sense while the operation stands where it stands: leaving the status resolves them. */
const STATUS_OF_TASK: Readonly<Partial<Record<TaskKind, OperationStatus>>> = {
  authorization_review: 'awaiting_authorization',
  reservation_unexplained: 'parked',
  disbursement_failed: 'disbursement_failed',
};

/** Tasks that nobody can tick off: only this action (or the end of the operation) settles them. */
export const SETTLING_ACTION: Readonly<Partial<Record<TaskKind, OperationAction>>> = {
  authorization_review: 'authorize',
  disbursement_failed: 'resubmit_disbursement',
};

/** What is to be done about the margin goes on after the contract's end. */
const ABOUT_MARGIN: readonly TaskKind[] = ['margin_unsettled', 'reservation_unexplained'];

/**
 * The tasks that what happened makes pointless; news of what had ended before ends none. A contradiction is only ever closed
 * by a person, and a loan that was paid and that nobody here has ordered is nobody's until it is linked, or a person has said
 * what it is.
 */
export function tasksEndedBy(before: Endings, after: Endings): readonly TaskKind[] {
  const staysOpen = (kind: TaskKind): boolean =>
    kind === 'contradiction' || (kind === 'unlinked_operation' && after.status === 'disbursed');
  const isOver = (kind: TaskKind): boolean =>
    ABOUT_MARGIN.includes(kind) ? closes(before, after) : endsWhatWasAsked(before, after);
  return TASK_KINDS.filter(
    (kind) =>
      (isOver(kind) && !staysOpen(kind)) ||
      (before.status !== after.status && (kind === 'late' || STATUS_OF_TASK[kind] === before.status)) ||
      (before.margin !== after.margin && endsWithMargin(kind, before)),
  );
}

function endsWithMargin(kind: TaskKind, { margin }: Endings): boolean {
  return kind === 'margin_unsettled' || (kind === 'reservation_unexplained' && margin === 'unexplained');
}

/** A reason in words, for the work queue. Codes are closed; the sentences are Portuguese because people read them. */
export interface TaskReason {
  readonly code: string;
  readonly message: string;
}

const DOUBT_SENTENCES: Readonly<Record<AuthorizationDoubt, string>> = {
  rules_missing: 'a política ativa não tem regras de autorização',
  evidence_missing: 'a prova da assinatura ainda não chegou, ou não pode ser lida',
  borrower_unknown:
    'o CPF do trabalhador não é conhecido: a operação ainda não foi ligada a um leilão, ou o CPF não pode ser lido',
  history_contradictory: 'a QI informou fatos que não podem ser todos verdadeiros',
  contract_missing: 'a CCB assinada não foi informada',
  signer_document_missing: 'o CPF de quem assinou não foi informado',
  signer_is_not_borrower: 'quem assinou não é o trabalhador do pedido',
  face_score_missing: 'o score facial não foi informado',
  face_score_low: 'o score facial está abaixo do exigido',
  document_score_missing: 'o score da comparação com o documento não foi informado',
  document_score_low: 'o score da comparação com o documento está abaixo do exigido',
  liveness_not_proven: 'a prova de vida não foi confirmada',
  fraud_flag_missing: 'a consulta à base de fraudes não foi informada',
  fraud_flagged: 'há indício na base de fraudes',
  sampled: 'o caso foi sorteado para conferência',
};

export const doubtsInWords = (doubts: readonly AuthorizationDoubt[]): string =>
  doubts.map((doubt) => DOUBT_SENTENCES[doubt]).join('; ');

export function authorizationReason(
  doubts: readonly AuthorizationDoubt[],
  policyWouldCancel: boolean,
): TaskReason {
  const sentence = doubtsInWords(doubts);
  return {
    code: doubts[0] ?? 'evidence_missing',
    message: policyWouldCancel
      ? `A política propõe cancelar a operação: ${sentence}.`
      : `Decidir se a averbação é autorizada: ${sentence}.`,
  };
}

/** What no manual explains; what is known of its meaning is said. */
export function reservationUnexplainedReason(codes: readonly string[], product: LoanProduct): TaskReason {
  const code = codes[0] ?? 'no_reason';
  const known = codes.map((each) => refusalOf(product, each)).find((each) => each?.qi === 'unclear');
  if (known !== undefined) return { code, message: `${known.meaning} ${known.advice}` };
  const named = codes.length === 0 ? 'sem motivo informado' : `motivo ${codes.map(qiCodeWord).join('; ')}`;
  return {
    code,
    message: `A averbação foi recusada (${named}). Confirmar com a QI se haverá nova tentativa.`,
  };
}

export const RESERVATION_CANCELED_REASON: TaskReason = {
  code: 'reservation_canceled',
  message:
    'A QI cancelou a averbação e não tenta mais. Confirmar com ela o que houve e, sem outra averbação, cancelar definitivamente.',
};

/** Only a reserved loan is paid, so only these say that the margin is bound; a debt is cancelled for other reasons too. */
const PAYMENT_REFUSALS: Readonly<Record<string, string>> = {
  ted_refusal: 'A TED foi recusada',
  pix_refusal: 'O PIX foi recusado',
};

/** A debt that was cancelled before anybody tried to pay it (QI documentation, cancellation). */
const CANCELED_BEFORE: Readonly<Record<string, string>> = {
  manual: 'O contrato foi cancelado na QI, não por aqui, antes do pagamento',
  waiting_signature: 'O contrato não foi assinado no prazo e a QI o cancelou',
};

/** The bank's own words are shown: they say what to ask the borrower for. */
export function disbursementFailedReason(
  { code, reason }: Failure,
  { held, mayBeHeld }: LoanProduct,
): TaskReason {
  const before = CANCELED_BEFORE[code];
  if (before !== undefined)
    return {
      code,
      message: `${before}; ${mayBeHeld}. Cancelar definitivamente, ou reenviar se o cliente ainda quer.`,
    };
  const refused = PAYMENT_REFUSALS[code];
  if (refused === undefined) {
    const words = reason === undefined ? qiCodeWord(code) : inProse(reason);
    const message = `A QI cancelou a operação (${words}); ${mayBeHeld}. Conferir com a QI e reenviar o desembolso ou cancelar definitivamente.`;
    return { code, message };
  }
  const why = reason === undefined ? '' : ` (${inProse(reason)})`;
  return {
    code,
    message: `${refused}${why} e ${held}. Reenviar com data e conta corretas ou cancelar definitivamente.`,
  };
}

export function lateReason(status: OperationStatus, since: CalendarDate): TaskReason {
  return {
    code: `late_in_${status}`,
    message: `A operação está em "${wordOf(OPERATION_STATUS, status)}" desde ${showDate(since)}, além do prazo. Verificar com a QI.`,
  };
}

/** Words for a margin whose end is overdue, by what it waits for. */
const MARGIN_OVERDUE: Readonly<Record<MarginStatus, string>> = {
  not_asked: 'A reserva da margem ainda não foi pedida ao SIAPE',
  pending_consent: 'O prazo da anuência terminou e a QI não disse o que houve',
  pending_consent_with_deletion: 'O prazo da anuência terminou e a margem não foi liberada',
  retrying: 'A QI deveria ter parado de tentar a reserva da margem',
  unexplained: 'A reserva da margem foi recusada sem explicação',
  held: 'O contrato terminou sem desembolso e a margem continua reservada',
  refused: 'A margem não foi reservada e o contrato continua aberto',
  released: 'A margem foi liberada e o contrato continua aberto: cancelar definitivamente',
};

export function marginUnsettledReason(margin: MarginStatus, since: CalendarDate): TaskReason {
  return {
    code: `margin_${margin}`,
    message: `${MARGIN_OVERDUE[margin]} (desde ${showDate(since)}). Verificar com a QI.`,
  };
}

/** QI refuses to cancel what the servant has not answered yet: asking again changes nothing (T-42), until the time is over. */
export function cancellationWaitsReason(words: string | undefined, isConsentOver: boolean): TaskReason {
  const said = words === undefined ? '' : ` (${words})`;
  if (isConsentOver)
    return {
      code: 'cancel_permanently_waits_after_consent',
      message: `A QI recusou o cancelamento${said}, e o prazo da anuência terminou. Perguntar à QI o que houve com a reserva e pedir de novo.`,
    };
  return {
    code: 'cancel_permanently_waits_for_consent',
    message: `A QI recusou o cancelamento${said}: o servidor ainda não respondeu no SouGov.br. A margem fica livre com a resposta ou no fim do prazo; só então cancelar de novo.`,
  };
}

/** What waited for the servant's answer does so no more, and nothing but another cancellation keeps QI from paying. */
export const CONSENTED_AFTER_ALL: TaskReason = {
  code: 'cancel_permanently_consented_after_all',
  message:
    'O cancelamento foi pedido e o servidor deu a anuência: a margem está reservada e a QI segue para o pagamento. Se o contrato continua sem ser desejado, cancelar agora.',
};

/** QI has made another debt than the borrower has accepted last: an earlier order, or figures of its own. */
export function otherDebtReason(accepted: Decimal, made: Decimal): TaskReason {
  const difference = made.eq(accepted)
    ? `o desembolso é o mesmo (${showReais(made)}), outros valores diferem`
    : `a QI desembolsa ${showReais(made)}, o aceite era de ${showReais(accepted)}`;
  return {
    code: 'other_debt',
    message: `A operação na QI não é a do último aceite do cliente: ${difference}. Um pedido anterior pode ter virado a operação. Conferir valores, taxa e parcelas com a QI e o cliente; sem acordo, cancelar definitivamente.`,
  };
}

/** Neither what the contract disburses, nor what another day of payment makes of it. */
export function paidOtherwiseReason(paid: Decimal, owed: Decimal, paysOff?: { least: Decimal }): TaskReason {
  const change = paysOff ? `, com troco de ${showReais(owed.minus(paysOff.least))}` : '';
  const advice = paid.lt(owed)
    ? 'Se falta uma parte do pagamento, esta tarefa se encerra quando ela chegar. Senão, conferir os comprovantes com a QI.'
    : 'Conferir os comprovantes, o valor e as parcelas com a QI e tratar com o cliente.';
  return {
    code: 'paid_otherwise',
    message: `A QI pagou ${showReais(paid)}, e o contrato é de ${showReais(owed)}${change}. ${advice}`,
  };
}

/** The new day of payment, which QI has calculated, brings the borrower less than was agreed to. */
export function paysLessReason(paid: Decimal, agreed: Decimal): TaskReason {
  return {
    code: 'pays_less',
    message: `Com o novo dia de pagamento a QI paga ${showReais(paid)}, menos que os ${showReais(agreed)} aceitos. Mostrar valor, IOF e CET ao cliente e colher novo aceite; sem ele, cancelar definitivamente.`,
  };
}

/** QI does not say the figures that would tell of which order it has made the debt. */
export function unclearDebtReason(accepted: Decimal, recorded: Decimal): TaskReason {
  return {
    code: 'other_debt',
    message: `A operação na QI pode ser de qualquer um de vários pedidos, e a QI não informou os valores que diriam de qual. Foi registrada com desembolso de ${showReais(recorded)}; o último aceite era de ${showReais(accepted)}. Conferir valores, taxa e parcelas com a QI; se não for a do aceite, tratar com o cliente e, sem acordo, cancelar definitivamente.`,
  };
}

/** A loan that was closed unpaid goes on, and what of the borrower's it takes has been given to another one meanwhile. */
export const CLAIM_TAKEN_REASON: TaskReason = {
  code: 'claim_taken',
  message:
    'A operação tinha terminado sem pagamento e continua, e outra operação do cliente já usa o mesmo vínculo. Combinar com a QI e com o cliente qual das duas fica e cancelar a outra definitivamente.',
};

export const UNLINKED_REASON: TaskReason = {
  code: 'no_auction',
  message: 'A QI fala de uma operação que não veio de nenhum leilão conhecido. Verificar a origem com a QI.',
};

const ACTION_WORDS: Readonly<Record<OperationAction, string>> = {
  submit_signature: 'a prova da assinatura',
  authorize: 'a autorização da averbação',
  resubmit_disbursement: 'o reenvio do desembolso',
  cancel_permanently: 'o cancelamento definitivo',
  request_reversal: 'a cobrança da devolução',
};

export function commandRejectedReason(
  action: OperationAction,
  answer: { readonly code: string | undefined; readonly description: string | undefined },
): TaskReason {
  return {
    code: `${action}_rejected`,
    message: `A QI recusou ${ACTION_WORDS[action]}: ${qiRefusalWord(answer)}`,
  };
}

export function commandNotTakenReason(action: OperationAction): TaskReason {
  return {
    code: `${action}_not_taken`,
    message: `A QI não recebeu ${ACTION_WORDS[action]}. Decidir se é pedido de novo.`,
  };
}

export function commandTakenBackReason(action: OperationAction): TaskReason {
  return {
    code: `${action}_taken_back`,
    message: `Uma pessoa retirou ${ACTION_WORDS[action]} antes que fosse enviada à QI. Decidir se é pedida de novo, ou cancelar definitivamente.`,
  };
}

/** QI asks whether the margin may be bound of a loan that two people wanted cancelled, and which it did not cancel. */
export const CANCELLATION_NOT_TAKEN: TaskReason = {
  code: 'cancellation_not_taken',
  message:
    'Duas pessoas pediram o cancelamento definitivo, que a QI não aceitou, e ela pede a autorização da averbação. Pedir de novo o cancelamento, ou decidir se é autorizada.',
};

export function commandWithheldReason(action: OperationAction): TaskReason {
  return {
    code: `${action}_withheld`,
    message: `Antes que a QI recebesse ${ACTION_WORDS[action]}, o dia do pagamento passou, e nada será pago. Pedir de novo com outro dia.`,
  };
}

/** The account goes to QI in a call of its own, before the day of payment: it may be changed whatever became of that. */
export function accountMayBeChanged({ code, message }: TaskReason): TaskReason {
  const said = message.replace(/\.?$/, '.');
  return {
    code,
    message: `${said} A conta nova pode já valer na QI: conferir, e pedir de novo dizendo em que conta se paga.`,
  };
}

/** A reversal that was asked for in time, and not sent before it was over. */
export function reversalWithheldReason(obstacle: WithdrawalObstacle): TaskReason {
  if (obstacle.kind === 'paid_off')
    return {
      code: 'request_reversal_paid_off',
      message:
        'A QI informou que a operação está quitada antes que a cobrança da devolução fosse enviada, e nada foi enviado. Conferir com a QI e com o cliente se ainda há o que devolver.',
    };
  return {
    code: 'request_reversal_withheld',
    message: `O cliente desistiu no prazo, mas o prazo da QI terminou em ${showDate(obstacle.latest)} sem que ela recebesse a cobrança da devolução, e nada foi enviado. Combinar com a QI: se ela ainda aceitar, pedir a devolução de novo; senão, tratar com o cliente.`,
  };
}

export function commandUnknownReason(action: OperationAction): TaskReason {
  return {
    code: `${action}_unknown`,
    message: `Não se sabe se a QI recebeu ${ACTION_WORDS[action]}. Conferir no portal da QI e informar se teve efeito ou não.`,
  };
}

/** QI said yes, and what else it said is lost. */
export function commandUnreadReason(action: OperationAction): TaskReason {
  return {
    ...commandUnknownReason(action),
    message: `A QI aceitou ${ACTION_WORDS[action]}, mas o resto da resposta se perdeu e nada se encontra na consulta. Conferir no portal da QI e informar se teve efeito ou não.`,
  };
}

/** QI said yes to a reversal, and not by which charge the money is to come back. */
export function reversalUnreadableReason(): TaskReason {
  return {
    code: 'reversal_unreadable',
    message:
      'A QI criou a cobrança da devolução, mas a resposta não pôde ser lida: buscar o código PIX no portal da QI e passá-lo ao cliente.',
  };
}
