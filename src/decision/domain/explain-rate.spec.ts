import { rateInWords } from './explain-rate';
import type { RateModelTrace } from './rate-model';

const LEARNED: RateModelTrace = {
  version: 'abcdef0123456789',
  stage: 'active',
  lane: 'learned',
  fallback: null,
  segments: '',
  cell: 3,
  reference_bp: 249,
  centre_bp: 239,
  arm: 0,
  step_bp: 5,
  propensities: [500, 1300, 6400, 1300, 500],
  clamp: null,
  learned_bp: 239,
  bid_bp: 239,
  price_step: 0,
};
const words = (changes: Partial<RateModelTrace>) =>
  rateInWords({ row: 't2-p1', learnt: { ...LEARNED, ...changes } }).replaceAll('\u00a0', ' ');
const MODEL =
  'Versão do modelo: abcdef012345. Ele aprende só de como terminaram leilões anteriores e não usa sexo, raça, nome nem lugar de nascimento.';

it.each<[string, Partial<RateModelTrace>, string]>([
  [
    'the table and what was learnt',
    {},
    `A taxa parte da linha t2-p1 da tabela de preços da política, 2,49% ao mês. Os resultados de pedidos do mesmo grupo levaram o modelo a 2,39% ao mês: 0,10% ao mês a menos. ${MODEL}`,
  ],
  [
    'a trial',
    { arm: 1, bid_bp: 244, centre_bp: 249 },
    `A taxa parte da linha t2-p1 da tabela de preços da política, 2,49% ao mês. O modelo, que acompanha os resultados de pedidos do mesmo grupo, não a mudou. Um teste sorteado pelo número do leilão, que não depende de quem pede, fez 0,05% ao mês a mais: 2,44% ao mês. ${MODEL}`,
  ],
  [
    'an offer that lives',
    { clamp: 'live_offer', bid_bp: 230 },
    `A taxa parte da linha t2-p1 da tabela de preços da política, 2,49% ao mês. Os resultados de pedidos do mesmo grupo levaram o modelo a 2,39% ao mês: 0,10% ao mês a menos. Como já havia uma proposta nossa em aberto, a taxa ficou em 2,30% ao mês. ${MODEL}`,
  ],
])('tells %s', (_, changes, text) => {
  expect(words(changes)).toBe(text);
});

it.each<[Partial<RateModelTrace>, string]>([
  [{ lane: 'shadow' }, ' Nenhum modelo a mudou.'],
  [{ lane: 'table' }, ' Nenhum modelo a mudou.'],
  [{ fallback: 'STALE', centre_bp: null }, ' Nenhum modelo a mudou.'],
  [
    { lane: 'control' },
    ' Nenhum modelo a mudou: um sorteio, que não depende das condições de quem pede, deixa parte dos pedidos sempre na tabela.',
  ],
])('of %j tells the table', (changes, rest) => {
  expect(words(changes)).toBe(
    `A taxa é a da linha t2-p1 da tabela de preços da política, para pedidos com as características deste.${rest}`,
  );
});

it('tells the table where nothing is learnt, and where its row was not kept', () => {
  expect(rateInWords({ row: undefined, learnt: undefined })).toBe(
    'A taxa é a da tabela de preços da política, para pedidos com as características deste. Nenhum modelo a mudou.',
  );
});
