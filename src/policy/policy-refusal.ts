import { ProblemException } from '../platform';
import type { PolicyProblem } from './domain';

/** One thing that stands in the way of a policy. */
export interface Obstacle {
  readonly code:
    | 'unreadable'
    | 'finding'
    | 'test_case'
    | 'backtest_missing'
    | 'backtest_too_small'
    | 'overtaken';
  readonly path: string;
  /** In Portuguese. */
  readonly message: string;
  /** Of a backtest that is too small: the requests it holds, and those it must. */
  readonly held?: number;
  readonly required?: number;
}

/** Why something asked for a policy is not done. Nothing was written. */
export type PolicyRefusal =
  | { readonly kind: 'not_found'; readonly what: string }
  | { readonly kind: 'wrong_state'; readonly state: string; readonly needed: readonly string[] }
  | { readonly kind: 'changed_meanwhile'; readonly hash: string }
  | { readonly kind: 'in_force_changed'; readonly inForce: number }
  | { readonly kind: 'invalid'; readonly problems: readonly PolicyProblem[] }
  | { readonly kind: 'structure'; readonly paths: readonly string[] }
  | { readonly kind: 'people_in_cases'; readonly cases: readonly string[] }
  | { readonly kind: 'new_lists_of_people'; readonly lists: readonly string[] }
  | { readonly kind: 'own_work' }
  | { readonly kind: 'exists_already'; readonly number: number }
  | { readonly kind: 'no_such_line'; readonly path: string }
  | { readonly kind: 'no_such_comment' }
  | { readonly kind: 'too_many_comments'; readonly most: number }
  | { readonly kind: 'not_ready'; readonly obstacles: readonly Obstacle[] };

export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | PolicyRefusal;

export const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });

/** What was asked for. @throws ProblemException with what stands in the way. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw problemOf(outcome);
}

function problemOf(refusal: PolicyRefusal): ProblemException {
  switch (refusal.kind) {
    case 'not_found':
      return new ProblemException(404, { type: 'not_found', title: `Não encontrado: ${refusal.what}` });
    case 'wrong_state':
      return wrongState(refusal.state, refusal.needed);
    case 'changed_meanwhile':
      return new ProblemException(412, {
        type: 'changed_meanwhile',
        title: 'A versão mudou desde que foi lida',
        etag: `"${refusal.hash}"`,
      });
    case 'in_force_changed':
      return inForceChanged(refusal.inForce);
    case 'invalid':
      return new ProblemException(422, {
        type: 'invalid_policy',
        title: 'O documento não é uma política válida; nada foi gravado',
        errors: refusal.problems,
      });
    case 'structure':
      return new ProblemException(403, {
        type: 'structure_not_permitted',
        title: 'A mudança vai além de valores: regras, colunas e campos pedem outra permissão',
        permission: 'policies.write_structure',
        paths: refusal.paths,
      });
    case 'people_in_cases':
      return onlyForSeers(
        'Só quem vê dados pessoais experimenta uma lista de pessoas com um CPF que não é o inventado (111.444.777-35) nem da versão em vigor',
        refusal.cases.map((name) => ({ path: `test_cases[${name}]`, message: 'traz um CPF assim' })),
      );
    case 'new_lists_of_people':
      return onlyForSeers(
        'Só quem vê dados pessoais mede o impacto de uma lista de pessoas que ninguém aprovou ainda',
        refusal.lists.map((name) => ({ path: `lists[${name}]`, message: 'é de pessoas, e nova' })),
      );
    case 'own_work':
      return new ProblemException(403, {
        type: 'second_person_needed',
        title:
          'Quem escreveu a política não pode aprová-la, nem por um token pelo qual responde: é preciso outra pessoa',
      });
    case 'exists_already':
      return new ProblemException(409, {
        type: 'exists_already',
        title: 'Uma versão com exatamente este conteúdo já existe',
        number: refusal.number,
      });
    case 'no_such_line':
      return invalidComment('path', 'não é uma linha da diferença desta versão', refusal.path);
    case 'no_such_comment':
      return invalidComment('answer_to', 'não é um comentário desta versão que se possa responder', null);
    case 'too_many_comments':
      return new ProblemException(409, {
        type: 'too_many',
        title: `Esta versão já tem ${String(refusal.most)} comentários`,
      });
    case 'not_ready':
      return new ProblemException(409, {
        type: 'policy_not_ready',
        title: 'A versão ainda não pode seguir adiante',
        errors: refusal.obstacles,
      });
  }
}

function wrongState(state: string, needed: readonly string[]): ProblemException {
  return new ProblemException(409, {
    type: 'state_does_not_allow',
    title: 'O estado da versão não permite esta ação',
    detail: `A versão está em "${state}"; a ação vale para: ${needed.join(', ')}.`,
    state_now: state,
    needed_states: needed,
  });
}

function inForceChanged(inForce: number): ProblemException {
  return new ProblemException(409, {
    type: 'in_force_changed',
    title: 'Outra versão entrou em vigor desde que esta foi comparada; nada mudou',
    detail: `Em vigor está a versão ${String(inForce)}. Veja o que dela seria desfeito e confirme outra vez.`,
    in_force: inForce,
  });
}

function onlyForSeers(
  title: string,
  errors: readonly { readonly path: string; readonly message: string }[],
): ProblemException {
  const permission = 'personal_data.reveal';
  return new ProblemException(403, { type: 'people_not_permitted', title, permission, errors });
}

function invalidComment(path: string, message: string, value: string | null): ProblemException {
  const errors = [{ path, message, value }];
  return new ProblemException(422, { type: 'invalid', title: 'O comentário não foi gravado', errors });
}
