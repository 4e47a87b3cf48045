import { DateTime } from 'luxon';
import { limitReason } from '../decision/domain';
import type { ReachedLimit } from '../exposure/domain';
import { SAO_PAULO } from '../kernel';
import { problemIn, type ProblemException, type Said } from '../platform';
import { PROPOSAL_ACTION, PROPOSAL_STATUS, wordOf } from '../words';
import { personsActionsIn, type PersonsAction, type ProposalStatus } from './domain';
import type { ProposalEntity } from './proposal.entity';

/** Why something a person asked of a proposal is not done. Nothing was written and nothing was sent. */
export type ProposalRefusal =
  | { readonly kind: 'not_found' }
  | {
      readonly kind: 'not_allowed';
      readonly action: PersonsAction;
      readonly status: ProposalStatus;
      readonly failureCode: string | null;
    }
  | { readonly kind: 'command_live'; readonly action: string; readonly status: string }
  | {
      readonly kind: 'invalid';
      readonly problems: readonly { readonly path: string; readonly message: string }[];
    }
  | { readonly kind: 'query_under_way'; readonly proposalId: string; readonly why: string }
  | { readonly kind: 'query_locked'; readonly proposalId: string; readonly until: Date }
  | { readonly kind: 'claim_taken'; readonly words: { readonly title: string; readonly detail: string } }
  | { readonly kind: 'limits_reached'; readonly limits: readonly ReachedLimit[] }
  | { readonly kind: 'offer_over'; readonly why: string }
  | { readonly kind: 'review_over' }
  | { readonly kind: 'borrower_told' }
  | { readonly kind: 'order_changed' }
  | { readonly kind: 'operation_taken' }
  | { readonly kind: 'second_person_needed' }
  | { readonly kind: 'idempotency_key_reused' };

export function notAllowed(
  action: PersonsAction,
  { status, failureCode }: Pick<ProposalEntity, 'status' | 'failureCode'>,
): ProposalRefusal {
  return { kind: 'not_allowed', action, status, failureCode };
}

/** What stands in the way, and what is possible instead. */
const SAID: Said<ProposalRefusal> = {
  not_found: () => [404, { type: 'not_found', title: 'Não encontrada: proposta' }],
  not_allowed: (refusal) => [
    409,
    {
      type: 'state_does_not_allow',
      title: 'O estado da proposta não permite esta ação',
      detail: `A proposta está em "${wordOf(PROPOSAL_STATUS, refusal.status)}", que não permite "${wordOf(PROPOSAL_ACTION, refusal.action)}".`,
      status_now: refusal.status,
      allowed_actions: personsActionsIn(refusal.status, refusal.failureCode),
    },
  ],
  command_live: (refusal) => [
    409,
    {
      type: 'command_under_way',
      title: 'Já há um pedido à QI em andamento para esta proposta',
      detail: `"${refusal.action}" está em "${refusal.status}".`,
    },
  ],
  invalid: (refusal) => [
    422,
    {
      type: 'invalid',
      title: 'O pedido tem campos a corrigir',
      errors: refusal.problems,
    },
  ],
  query_under_way: (refusal) => [
    409,
    {
      type: 'query_under_way',
      title: 'Já há uma consulta em andamento para este CPF',
      detail: refusal.why,
      proposal_id: refusal.proposalId,
    },
  ],
  query_locked: (refusal) => [
    422,
    {
      type: 'query_locked',
      title: 'A Caixa ainda não permite consultar este CPF',
      errors: [{ path: 'document_number', message: `permitido a partir de ${momentOf(refusal.until)}` }],
      proposal_id: refusal.proposalId,
    },
  ],
  claim_taken: (refusal) => [409, { type: 'claim_taken', ...refusal.words }],
  limits_reached: (refusal) => [
    409,
    {
      type: 'limits_reached',
      title: 'Um limite da política não permite emitir agora',
      errors: refusal.limits.map((limit) => ({
        path: 'disbursed_issue_amount',
        message: wordsOf(limitReason(limit)),
      })),
    },
  ],
  offer_over: (refusal) => [
    409,
    {
      type: 'offer_over',
      title: 'A oferta não vale mais',
      detail: refusal.why,
    },
  ],
  borrower_told: () => [
    409,
    {
      type: 'borrower_told',
      title: 'Outra pessoa informou os mesmos dados enquanto este formulário estava aberto',
      detail:
        'Nada foi guardado. Feche o formulário e confira o que falta: o que a outra pessoa informou continua valendo.',
    },
  ],
  review_over: () => [
    409,
    {
      type: 'review_over',
      title: 'A conferência já é outra',
      detail: 'A proposta foi analisada de novo: conferir o que se aponta agora.',
    },
  ],
  order_changed: () => [
    409,
    {
      type: 'order_changed',
      title: 'O pedido de emissão já é outro, ou foi enviado de novo',
      detail: 'O que se achou é de antes: conferir de novo na QI.',
    },
  ],
  operation_taken: () => [
    409,
    {
      type: 'operation_taken',
      title: 'Esta operação já é de outra proposta ou de um leilão',
      detail: 'Conferir a chave da operação no portal da QI.',
    },
  ],
  second_person_needed: () => [
    403,
    {
      type: 'second_person_needed',
      title: 'É preciso outra pessoa: uma só, com os tokens pelos quais responde, não basta para isto',
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
export function proposalProblem(refusal: ProposalRefusal): ProblemException {
  return problemIn(SAID, refusal);
}

function wordsOf({ message, observed, required }: ReturnType<typeof limitReason>): string {
  return observed === undefined ? message : `${message} Seria ${observed}; o permitido é ${required ?? ''}.`;
}

/** As people in Brazil write it: 05/01/2027, 08:00. */
function momentOf(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: SAO_PAULO }).toFormat('dd/MM/yyyy, HH:mm');
}
