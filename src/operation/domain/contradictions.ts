import { OPERATION_FACT, OPERATION_STATUS, TOLD_FACT, wordOf } from '../../words';
import {
  isBeforeAuthorization,
  OPERATION_STATUSES,
  type OperationFact,
  type OperationStatus,
} from './operation-state';
import type { LoanProduct } from './products';
import type { TaskReason } from './task';

/** What people must see without a contradiction in it. */
const TO_BE_SEEN: Readonly<Partial<Record<OperationFact, string>>> = {
  reservation_terminated:
    'O vínculo de emprego terminou, e com ele o desconto em folha. Combinar com a QI e com o cliente como as parcelas são pagas.',
  reservation_transferred: 'Conferir com a QI em que empregador e de que folha as parcelas são descontadas.',
  reservation_renewed:
    'A nova averbação pode esperar uma autorização, que este sistema não envia. Conferir com a QI e autorizar no portal, se for o caso.',
  reservation_canceled: 'A QI não tenta mais. Conferir com ela como as parcelas são descontadas.',
  authorization_requested:
    'Pode ser de uma averbação nova, que este sistema não autoriza. Conferir com a QI e autorizar no portal, se for o caso.',
  margin_released: 'O empréstimo pode estar sem garantia. Conferir com a QI por que ela foi liberada.',
};

const CANCELED_BEFORE_AUTHORIZED =
  'Foi cancelada antes de autorizada. Perguntar à QI por quê e se vem outra: a outra se autoriza aqui; sem ela, cancelar definitivamente.';

/** What the end of a debt brings with it. */
export const FOLLOWS_FROM_PAYOFF: readonly OperationFact[] = [
  'reservation_terminated',
  'reservation_canceled',
  'margin_released',
];
const STILL_BOUND: readonly OperationFact[] = ['reservation_transferred', 'reservation_renewed'];

/** @param isPaidOff nothing more is to be deducted */
export function contradictionReason(
  fact: OperationFact,
  status: OperationStatus,
  isPaidOff = false,
): TaskReason {
  const words = { ...OPERATION_FACT, ...TOLD_FACT };
  return {
    code: `${fact}_in_${status}`,
    message: `A QI informou "${wordOf(words, fact)}" com a operação em "${wordOf(OPERATION_STATUS, status)}". ${adviceOn(fact, status, isPaidOff)}`,
  };
}

function adviceOn(fact: OperationFact, status: OperationStatus, isPaidOff: boolean): string {
  if (isPaidOff && STILL_BOUND.includes(fact))
    return 'Ela está quitada: nada mais se desconta. Conferir com a QI por que a averbação continua.';
  if (fact === 'reservation_canceled' && isBeforeAuthorization(status)) return CANCELED_BEFORE_AUTHORIZED;
  return TO_BE_SEEN[fact] ?? 'Conferir com a QI o que aconteceu.';
}

/** The margin went before the payment was told; the other way round, that it went contradicts. */
export const PAID_UNSECURED: TaskReason = {
  code: 'disbursed_without_margin',
  message:
    'A QI pagou a operação e a margem do servidor não está mais reservada: o empréstimo pode estar sem garantia. Conferir com a QI por quê e como as parcelas são descontadas.',
};

/** Of a loan that is paid off since: whatever was told so is over. */
export const OVER_ONCE_PAID_OFF: readonly TaskReason[] = [
  PAID_UNSECURED,
  ...FOLLOWS_FROM_PAYOFF.flatMap((fact) =>
    OPERATION_STATUSES.map((status) => contradictionReason(fact, status)),
  ),
];

/** Two people wanted it to end without a payment, and nothing that QI did about that has kept it from paying. */
export function paidAllTheSameReason({ hasWithdrawalRight }: LoanProduct): TaskReason {
  const advice = hasWithdrawalRight
    ? 'Combinar logo com a QI e com o cliente se ela fica de pé; se não, pedir a devolução enquanto corre o prazo da desistência.'
    : 'Combinar logo com a QI e com o cliente se ela fica de pé ou como o dinheiro volta.';
  return {
    code: 'disbursed_after_cancellation',
    message: `O cancelamento definitivo foi pedido e a QI pagou a operação. ${advice}`,
  };
}

/** Those that may be over by themselves weigh less: the others name the task, whichever came first. */
const PASSING: readonly string[] = [
  'paid_otherwise',
  'pays_less',
  ...OVER_ONCE_PAID_OFF.map(({ code }) => code),
];

function weightOf({ code }: TaskReason): number {
  const passing = PASSING.indexOf(code);
  return passing === -1 ? PASSING.length : passing;
}

/** @returns a task's words without these; nothing is left of one that said no more */
export function withoutWords(message: string, taken: readonly TaskReason[]): string {
  const left = taken.reduce((words, reason) => words.replaceAll(reason.message, ''), message);
  return left.replaceAll(/ {2,}/g, ' ').trim();
}

/**
 * All contradictions of a loan are told in one task, and none takes the place of another: nobody would read of the first any more.
 * @param instead what this one takes the place of
 */
export function saidBeside(
  standing: TaskReason | undefined,
  added: TaskReason,
  instead: readonly TaskReason[],
): TaskReason {
  if (standing === undefined) return added;
  if (standing.message.includes(added.message)) return standing;
  const left = withoutWords(standing.message, instead);
  if (left === '') return added;
  const code = weightOf(added) < weightOf(standing) ? standing.code : added.code;
  return { code, message: `${left} ${added.message}` };
}
