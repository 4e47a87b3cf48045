import { showDate } from '../kernel';
import { problemIn, type ProblemException, type Said } from '../platform';
import { ACTION, MARGIN_STATUS, OPERATION_STATUS, wordOf } from '../words';
import {
  actionsIn,
  loanProduct,
  type MarginStatus,
  type OperationAction,
  type OperationStatus,
  type RequestProblem,
  type WithdrawalObstacle,
} from './domain';
import type { OperationCommandEntity } from './operation-command.entity';

/** Why something a person asked for is not done. Nothing was written and nothing was sent. */
export type Refusal =
  | { readonly kind: 'not_found'; readonly what: 'operation' | 'task' | 'approval' | 'command' }
  | {
      readonly kind: 'not_allowed';
      readonly action: OperationAction;
      readonly status: OperationStatus;
      readonly margin: MarginStatus | null;
      readonly product: string;
    }
  | {
      readonly kind: 'command_live';
      readonly status: OperationStatus;
      readonly command: OperationCommandEntity;
    }
  | { readonly kind: 'approval_pending'; readonly approvalId: string; readonly requestedBy: string }
  | { readonly kind: 'claimed_by_other'; readonly owner: string }
  | { readonly kind: 'not_claimed' }
  | { readonly kind: 'task_changed' }
  | { readonly kind: 'version_needed' }
  | { readonly kind: 'already_resolved' }
  | { readonly kind: 'needs_action'; readonly action: OperationAction }
  | { readonly kind: 'settled_on_proposal'; readonly act: 'settle_issue' | 'clear_review' }
  | { readonly kind: 'already_decided'; readonly status: string }
  | { readonly kind: 'same_person' }
  | { readonly kind: 'not_engaged' }
  | { readonly kind: 'stopped_anew' }
  | { readonly kind: 'restore_unconfirmed' }
  | { readonly kind: 'too_late' }
  | WithdrawalObstacle
  | { readonly kind: 'invalid'; readonly problems: readonly RequestProblem[] }
  | { readonly kind: 'idempotency_key_reused' };

const SETTLED_BY = {
  settle_issue: 'com o que se achou na QI',
  clear_review: 'quando outra pessoa libera a proposta',
} as const;

/** What stands in the way, and what is possible instead. */
const SAID: Said<Refusal> = {
  not_found: ({ what }) => [404, { type: 'not_found', title: `Não encontrado: ${what}` }],
  not_allowed: ({ action, status, margin, product }) => [
    409,
    {
      type: 'state_does_not_allow',
      title: 'O estado da operação não permite esta ação',
      detail: `A operação está em "${wordOf(OPERATION_STATUS, status)}"${margin === null ? '' : ` e a margem em "${wordOf(MARGIN_STATUS, margin)}"`}, que não permite "${wordOf(ACTION, action)}".`,
      status_now: status,
      ...(margin !== null && { margin_now: margin }),
      allowed_actions: actionsIn({ status, margin }, loanProduct(product)),
    },
  ],
  command_live: ({ command, status }) => [
    409,
    {
      type: 'command_under_way',
      title: 'Já há um comando em andamento para esta operação',
      detail: `"${command.action}" foi pedido por ${command.actor} e está em "${command.status}".`,
      status_now: status,
      allowed_actions: [],
      command: {
        command_id: command.id,
        action: command.action,
        status: command.status,
        actor: command.actor,
        created_at: command.createdAt.toISOString(),
      },
    },
  ],
  approval_pending: ({ approvalId, requestedBy }) => [
    409,
    {
      type: 'approval_pending',
      title: 'Já há um pedido que espera a decisão de outra pessoa',
      detail: `Pedido por ${requestedBy}.`,
      approval_id: approvalId,
    },
  ],
  claimed_by_other: ({ owner }) => [
    409,
    {
      type: 'claimed_by_other',
      title: 'A tarefa está com outra pessoa',
      detail: `Está com ${owner}. Na ausência dessa pessoa, um administrador a devolve à fila.`,
      owner: owner,
    },
  ],
  not_claimed: () => [409, { type: 'not_claimed', title: 'A tarefa não está com ninguém' }],
  task_changed: () => [
    409,
    { type: 'task_changed', title: 'A tarefa mudou desde que foi lida: ler de novo o que ela diz' },
  ],
  version_needed: () => [
    422,
    {
      type: 'invalid',
      title: 'Falta dizer a versão em que a tarefa foi lida: recarregar a página',
      errors: [{ path: 'version', message: 'informe a versão em que a tarefa foi lida' }],
    },
  ],
  already_resolved: () => [409, { type: 'already_resolved', title: 'A tarefa já foi resolvida' }],
  needs_action: ({ action }) => [
    409,
    {
      type: 'needs_action',
      title: 'Esta tarefa só termina com uma ação sobre a operação',
      allowed_actions: [action, 'cancel_permanently'],
    },
  ],
  settled_on_proposal: ({ act }) => [
    409,
    {
      type: 'needs_action',
      title: `Esta tarefa termina na página da proposta, ${SETTLED_BY[act]}`,
      allowed_actions: [act],
    },
  ],
  already_decided: ({ status }) => [
    409,
    {
      type: 'already_decided',
      title: 'O pedido já foi decidido',
      approval_status: status,
    },
  ],
  same_person: () => [
    403,
    {
      type: 'second_person_needed',
      title: 'Quem pediu não pode decidir, nem por um token pelo qual responde: é preciso outra pessoa',
    },
  ],
  not_engaged: () => [
    409,
    {
      type: 'not_engaged',
      title: 'O envio de propostas não está parado',
    },
  ],
  stopped_anew: () => [
    409,
    {
      type: 'stopped_anew',
      title: 'Os lances foram parados de novo, por outro motivo: é preciso ver o motivo de agora',
    },
  ],
  restore_unconfirmed: () => [
    409,
    {
      type: 'restore_unconfirmed',
      title: 'O banco de dados foi restaurado: antes, alguém confirma o que foi encontrado',
    },
  ],
  withdrawal_over: ({ latest }) => [
    409,
    {
      type: 'withdrawal_over',
      title: 'O prazo para o trabalhador desistir terminou',
      detail: `A QI aceitava a devolução até ${showDate(latest)}. O que foi pedido a tempo vira tarefa em instantes: combinar com a QI.`,
    },
  ],
  paid_off: () => [
    409,
    { type: 'paid_off', title: 'A QI informou que a operação está quitada: não há o que devolver' },
  ],
  too_late: () => [409, { type: 'too_late', title: 'O comando já foi enviado à QI' }],
  invalid: ({ problems }) => [
    422,
    {
      type: 'invalid',
      title: 'O pedido tem campos a corrigir',
      errors: problems,
    },
  ],
  idempotency_key_reused: () => [
    422,
    {
      type: 'idempotency_key_reused',
      title: 'A Idempotency-Key já foi usada com outro pedido',
    },
  ],
};

/** The refusal as the API says it. */
export function problemOf(refusal: Refusal): ProblemException {
  return problemIn(SAID, refusal);
}
