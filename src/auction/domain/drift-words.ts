import { showDecimal, showPercent, showReais, type Decimal } from '../../kernel';
import type { SimulationDifference } from '../../pricing/domain';

interface Figure {
  readonly name: string;
  readonly show: (value: Decimal) => string;
}

const FIGURES: Readonly<Record<SimulationDifference['field'], Figure>> = {
  issueAmount: { name: 'valor de emissão', show: showReais },
  disbursedIssueAmount: { name: 'valor ao trabalhador', show: showReais },
  installmentFaceValue: { name: 'parcela', show: showReais },
  numberOfInstallments: { name: 'número de parcelas', show: (count) => showDecimal(count, 0) },
  totalIof: { name: 'IOF', show: showReais },
  monthlyInterestRate: { name: 'taxa ao mês', show: showPercent },
  monthlyCet: { name: 'CET ao mês', show: showPercent },
  annualCet: { name: 'CET ao ano', show: showPercent },
};

/** What QI's simulation of a bid says otherwise than we, for the task that tells people. */
export function driftWords(differences: readonly SimulationDifference[]): string {
  const said = differences.map(({ field, ours, theirs }) => {
    const { name, show } = FIGURES[field];
    return `${name}, ${show(ours)} aqui e ${show(theirs)} na QI`;
  });
  return `A simulação da QI difere da nossa: ${said.join('; ')}.`;
}
