import { Decimal, showPercent } from '../../kernel';
import type { RateModelTrace } from './rate-model';

/** How the rate of an offer came about. */
export interface ExplainedRate {
  /** The row of prices it is from; undefined of a decision that kept none. */
  readonly row: string | undefined;
  /** Undefined under a policy that lets nothing be learnt. */
  readonly learnt: RateModelTrace | undefined;
}

/**
 * Why the rate is what it is, sentence by sentence, for the borrower: from the table, or learnt and by how much. A decision tells
 * by which version.
 */
export function rateInWords({ row, learnt }: ExplainedRate): string {
  const table =
    row === undefined ? 'da tabela de preços da política' : `da linha ${row} da tabela de preços da política`;
  const isLearned = learnt?.lane === 'learned' || learnt?.lane === 'canary';
  const { reference_bp: reference = null, centre_bp: centre = null } = learnt ?? {};
  if (!isLearned || learnt.fallback !== null || reference === null || centre === null)
    return `A taxa é a ${table}, para pedidos com as características deste.${besideTheTable(learnt)}`;
  return [
    `A taxa parte da ${table.slice('da '.length)}, ${rate(reference)}.`,
    groupInWords(reference, centre),
    trialInWords(learnt),
    `Versão do modelo: ${(learnt.version ?? '').slice(0, 12)}. Ele aprende só de como terminaram leilões anteriores e não usa sexo, raça, nome nem lugar de nascimento.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Why no model changed the rate although there is one. */
function besideTheTable(learnt: RateModelTrace | undefined): string {
  if (learnt === undefined) return ' Nenhum modelo a mudou.';
  if (learnt.lane === 'control')
    return ' Nenhum modelo a mudou: um sorteio, que não depende das condições de quem pede, deixa parte dos pedidos sempre na tabela.';
  return ' Nenhum modelo a mudou.';
}

function groupInWords(reference: number, centre: number): string {
  if (centre === reference)
    return 'O modelo, que acompanha os resultados de pedidos do mesmo grupo, não a mudou.';
  const way = centre < reference ? 'a menos' : 'a mais';
  return `Os resultados de pedidos do mesmo grupo levaram o modelo a ${rate(centre)}: ${rate(Math.abs(centre - reference))} ${way}.`;
}

function trialInWords({ clamp, arm, step_bp: step, bid_bp: bid }: RateModelTrace): string {
  if (clamp === 'live_offer')
    return `Como já havia uma proposta nossa em aberto, a taxa ficou em ${rate(bid ?? 0)}.`;
  const trial = arm * step;
  if (trial === 0) return '';
  const way = trial < 0 ? 'a menos' : 'a mais';
  return `Um teste sorteado pelo número do leilão, que não depende de quem pede, fez ${rate(Math.abs(trial))} ${way}: ${rate(bid ?? 0)}.`;
}

/** Whole basis points as a percentage a month. */
function rate(bp: number): string {
  return `${showPercent(new Decimal(bp).div(10_000))} ao mês`;
}
