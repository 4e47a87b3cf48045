import { ProblemException } from '../platform';
import { actionsIn, type OperationAction, type OperationStatus, type RequestProblem } from './domain';
import type { OperationCommandEntity } from './operation-command.entity';

/** Why something a person asked for is not done. Nothing was written and nothing was sent. */
export type Refusal =
  | { readonly kind: 'not_found'; readonly what: 'operation' | 'task' | 'approval' }
  | { readonly kind: 'not_allowed'; readonly action: OperationAction; readonly status: OperationStatus }
  | {
      readonly kind: 'command_live';
      readonly status: OperationStatus;
      readonly command: OperationCommandEntity;
    }
  | { readonly kind: 'approval_pending'; readonly approvalId: string; readonly requestedBy: string }
  | { readonly kind: 'claimed_by_other'; readonly owner: string }
  | { readonly kind: 'not_claimed' }
  | { readonly kind: 'already_resolved' }
  | { readonly kind: 'needs_action'; readonly action: OperationAction }
  | { readonly kind: 'already_decided'; readonly status: string }
  | { readonly kind: 'same_person' }
  | { readonly kind: 'not_engaged' }
  | { readonly kind: 'too_late' }
  | { readonly kind: 'invalid'; readonly problems: readonly RequestProblem[] }
  | { readonly kind: 'idempotency_key_reused' };

/** The refusal as the API says it: what stands in the way, and what is possible instead. */
export function problemOf(refusal: Refusal): ProblemException {
  switch (refusal.kind) {
    case 'not_found':
      return new ProblemException(404, { type: 'not_found', title: `Não encontrado: ${refusal.what}` });
    case 'not_allowed':
      return new ProblemException(409, {
        type: 'state_does_not_allow',
        title: 'O estado da operação não permite esta ação',
        detail: `A operação está em "${refusal.status}", que não permite "${refusal.action}".`,
        status_now: refusal.status,
        allowed_actions: actionsIn(refusal.status),
      });
    case 'command_live':
      return new ProblemException(409, {
        type: 'command_under_way',
        title: 'Já há um comando em andamento para esta operação',
        detail: `"${refusal.command.action}" foi pedido por ${refusal.command.actor} e está em "${refusal.command.status}".`,
        status_now: refusal.status,
        allowed_actions: [],
        command: {
          command_id: refusal.command.id,
          action: refusal.command.action,
          status: refusal.command.status,
          actor: refusal.command.actor,
          created_at: refusal.command.createdAt.toISOString(),
        },
      });
    case 'approval_pending':
      return new ProblemException(409, {
        type: 'approval_pending',
        title: 'Já há um pedido que espera a decisão de outra pessoa',
        detail: `Pedido por ${refusal.requestedBy}.`,
        approval_id: refusal.approvalId,
      });
    case 'claimed_by_other':
      return new ProblemException(409, {
        type: 'claimed_by_other',
        title: 'A tarefa está com outra pessoa',
        detail: `Está com ${refusal.owner}.`,
        owner: refusal.owner,
      });
    case 'not_claimed':
      return new ProblemException(409, { type: 'not_claimed', title: 'A tarefa não está com ninguém' });
    case 'already_resolved':
      return new ProblemException(409, { type: 'already_resolved', title: 'A tarefa já foi resolvida' });
    case 'needs_action':
      return new ProblemException(409, {
        type: 'needs_action',
        title: 'Esta tarefa só termina com uma ação sobre a operação',
        allowed_actions: [refusal.action, 'cancel_permanently'],
      });
    case 'already_decided':
      return new ProblemException(409, {
        type: 'already_decided',
        title: 'O pedido já foi decidido',
        approval_status: refusal.status,
      });
    case 'same_person':
      return new ProblemException(403, {
        type: 'second_person_needed',
        title: 'Quem pediu não pode decidir: é preciso outra pessoa',
      });
    case 'not_engaged':
      return new ProblemException(409, {
        type: 'not_engaged',
        title: 'O envio de propostas não está parado',
      });
    case 'too_late':
      return new ProblemException(409, { type: 'too_late', title: 'O comando já foi enviado à QI' });
    case 'invalid':
      return new ProblemException(422, {
        type: 'invalid',
        title: 'O pedido tem campos a corrigir',
        errors: refusal.problems,
      });
    case 'idempotency_key_reused':
      return new ProblemException(422, {
        type: 'idempotency_key_reused',
        title: 'A Idempotency-Key já foi usada com outro pedido',
      });
  }
}
