import { DateTime } from 'luxon';
import { SAO_PAULO } from '../kernel';
import { ProblemException } from '../platform';
import { personsActionsIn, type PersonsAction, type ProposalStatus } from './domain';

/** Why something a person asked of a proposal is not done. Nothing was written and nothing was sent. */
export type ProposalRefusal =
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_allowed'; readonly action: PersonsAction; readonly status: ProposalStatus }
  | { readonly kind: 'command_live'; readonly action: string; readonly status: string }
  | {
      readonly kind: 'invalid';
      readonly problems: readonly { readonly path: string; readonly message: string }[];
    }
  | { readonly kind: 'query_under_way'; readonly proposalId: string }
  | { readonly kind: 'query_locked'; readonly proposalId: string; readonly until: Date }
  | { readonly kind: 'claim_taken' }
  | { readonly kind: 'offer_over'; readonly why: string }
  | { readonly kind: 'second_person_needed' }
  | { readonly kind: 'idempotency_key_reused' };

/** The refusal as the API says it: what stands in the way, and what is possible instead. */
export function proposalProblem(refusal: ProposalRefusal): ProblemException {
  switch (refusal.kind) {
    case 'not_found':
      return new ProblemException(404, { type: 'not_found', title: 'Não encontrada: proposta' });
    case 'not_allowed':
      return new ProblemException(409, {
        type: 'state_does_not_allow',
        title: 'O estado da proposta não permite esta ação',
        detail: `A proposta está em "${refusal.status}", que não permite "${refusal.action}".`,
        status_now: refusal.status,
        allowed_actions: personsActionsIn(refusal.status),
      });
    case 'command_live':
      return new ProblemException(409, {
        type: 'command_under_way',
        title: 'Já há um pedido à QI em andamento para esta proposta',
        detail: `"${refusal.action}" está em "${refusal.status}".`,
      });
    case 'invalid':
      return new ProblemException(422, {
        type: 'invalid',
        title: 'O pedido tem campos a corrigir',
        errors: refusal.problems,
      });
    case 'query_under_way':
      return new ProblemException(409, {
        type: 'query_under_way',
        title: 'Já há uma consulta em andamento para este CPF',
        detail: 'A Caixa responde a uma consulta por vez: aguardar a resposta da outra proposta.',
        proposal_id: refusal.proposalId,
      });
    case 'query_locked':
      return new ProblemException(422, {
        type: 'query_locked',
        title: 'A Caixa ainda não permite consultar este CPF',
        errors: [{ path: 'document_number', message: `permitido a partir de ${momentOf(refusal.until)}` }],
        proposal_id: refusal.proposalId,
      });
    case 'claim_taken':
      return new ProblemException(409, {
        type: 'claim_taken',
        title: 'O trabalhador já tem um contrato nesta competência',
        detail:
          'Só é permitido um contrato por competência anual. O atual precisa ser quitado ou cancelado definitivamente.',
      });
    case 'offer_over':
      return new ProblemException(409, {
        type: 'offer_over',
        title: 'A oferta não vale mais',
        detail: refusal.why,
      });
    case 'second_person_needed':
      return new ProblemException(403, {
        type: 'second_person_needed',
        title: 'Quem abriu a proposta não pode liberar a própria revisão',
      });
    case 'idempotency_key_reused':
      return new ProblemException(422, {
        type: 'idempotency_key_reused',
        title: 'A Idempotency-Key já foi usada com outro pedido',
      });
  }
}

/** As people in Brazil write it: 05/01/2027, 08:00. */
function momentOf(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: SAO_PAULO }).toFormat('dd/MM/yyyy, HH:mm');
}
