import { Decimal } from '../../kernel';
import { explanationFor, type ExplainedDecision } from './explanation';

const asked: ExplainedDecision = {
  borrower: { name: 'M*** S***', cpf: '***.456.789-**' },
  receivedAt: new Date('2026-01-01T02:30:00Z'),
  requestedAmount: new Decimal('2100.5'),
  requestedInstallments: 10,
  decision: { decidedAt: new Date('2026-01-01T02:31:00Z'), policyVersion: '7', refusedFor: [] },
  isUnanswered: false,
  offer: undefined,
};
const offer = {
  amount: new Decimal('2100.5'),
  installments: 12,
  installmentAmount: new Decimal('250.1'),
  monthlyRate: new Decimal('0.0249'),
  monthlyCet: new Decimal('0.0271'),
  rate: { row: 't2-p1', learnt: undefined },
};

describe('the explanation for a borrower', () => {
  it('says what was asked, in the time of São Paulo', () => {
    expect(explanationFor(asked)[0]).toBe(
      'Em 31/12/2025 às 23:30 recebemos um pedido de empréstimo consignado de M*** S***, CPF ***.456.789-**, no valor de R$ 2.100,50, em 10 parcelas.',
    );
  });

  it('gives every reason for a refusal, and nothing of an offer', () => {
    const refusedFor = ['A margem é menor que a parcela mínima.', 'O vínculo de trabalho terminou.'];
    const text = explanationFor({
      ...asked,
      decision: { decidedAt: asked.receivedAt, policyVersion: '7', refusedFor },
    });
    expect(text).toEqual(expect.arrayContaining(refusedFor.map((reason) => `– ${reason}`)));
    expect(text.join(' ')).not.toContain('proposta: ');
  });

  it.each([
    [
      offer,
      'R$ 2.100,50 em 12 parcelas de R$ 250,10, à taxa de 2,49% ao mês (custo efetivo total de 2,71% ao mês)',
    ],
    [undefined, 'a proposta não chegou a ser registrada'],
  ])('says what was offered', (made, words) => {
    expect(explanationFor({ ...asked, offer: made }).join(' ')).toContain(words);
  });

  it('claims no certainty of a proposal that QI never answered', () => {
    const text = explanationFor({ ...asked, isUnanswered: true }).join(' ');
    expect(text).toContain('a proposta foi enviada, mas não houve confirmação');
  });

  it.each([asked, { ...asked, offer }])(
    'always says that a machine decided, by which version, and how to object',
    (one) => {
      const text = explanationFor(one).join(' ');
      for (const words of [
        'sistema automático',
        'versão 7',
        'Lei nº 13.709/2018, art. 20',
        'uma pessoa revise',
      ])
        expect(text).toContain(words);
    },
  );

  it.each([
    ['awaited', 'O pedido ainda não foi decidido.'],
    ['never_made', 'O pedido não chegou a ser decidido.'],
    ['archived', 'A decisão é antiga e está no arquivo.'],
  ] as const)('says so where a decision is %s, and leaves out what QI did not send', (decision, words) => {
    const text = explanationFor({
      ...asked,
      borrower: { name: undefined, cpf: undefined },
      requestedAmount: undefined,
      requestedInstallments: undefined,
      decision,
    });
    expect(text).toEqual([
      'Em 31/12/2025 às 23:30 recebemos um pedido de empréstimo consignado de pessoa não identificada.',
      words,
    ]);
  });
});
