import { Decimal } from '../../kernel';
import { driftWords } from './drift-words';

it('says what differs as people write it, and both figures', () => {
  const differing = (
    field: Parameters<typeof driftWords>[0][number]['field'],
    ours: string,
    theirs: string,
  ) => ({
    ...{ field, ours: new Decimal(ours), theirs: new Decimal(theirs) },
    difference: new Decimal(theirs).minus(ours),
  });
  expect(
    driftWords([
      differing('installmentFaceValue', '1272.61', '1272.66'),
      differing('monthlyCet', '0.0301', '0.03025'),
      differing('numberOfInstallments', '18', '17'),
    ]),
  ).toBe(
    'A simulação da QI difere da nossa: parcela, R$ 1.272,61 aqui e R$ 1.272,66 na QI; CET ao mês, 3,01% aqui e 3,025% na QI; número de parcelas, 18 aqui e 17 na QI.',
  );
});
