import type { NoDecision } from './no-decision';
import { rateInWords, type ExplainedRate } from './explain-rate';
import { SAO_PAULO, showPercent, showReais, type Decimal } from '../../kernel';

/** What is known of a decision by whoever explains it. People are masked already. */
export interface ExplainedDecision {
  readonly borrower: { readonly name: string | undefined; readonly cpf: string | undefined };
  readonly receivedAt: Date;
  readonly requestedAmount: Decimal | undefined;
  readonly requestedInstallments: number | undefined;
  /** Or why there is none to explain. */
  readonly decision:
    | { readonly decidedAt: Date; readonly policyVersion: string; readonly refusedFor: readonly string[] }
    | NoDecision;
  /** A proposal left, and QI never said that it took it. */
  readonly isUnanswered: boolean;
  /** The last proposal that QI took, if any. */
  readonly offer:
    | {
        readonly amount: Decimal;
        readonly installments: number;
        readonly installmentAmount: Decimal;
        readonly monthlyRate: Decimal;
        readonly monthlyCet: Decimal;
        readonly rate: ExplainedRate;
      }
    | undefined;
}

const WITHOUT_DECISION: Readonly<Record<NoDecision, string>> = {
  awaited: 'O pedido ainda não foi decidido.',
  never_made: 'O pedido não chegou a ser decidido.',
  archived: 'A decisão é antiga e está no arquivo.',
};

/**
 * The decision in plain words for the borrower, paragraph by paragraph: what was asked, what was decided by a machine,
 * why, from which data, and the right to have a person look at it again (Lei 13.709/2018, LGPD, art. 20).
 */
export function explanationFor(explained: ExplainedDecision): readonly string[] {
  const { decision } = explained;
  if (typeof decision === 'string') return [requestIn(explained), WITHOUT_DECISION[decision]];
  const isRefused = decision.refusedFor.length > 0;
  return [
    requestIn(explained),
    `A decisão foi tomada em ${showInstant(decision.decidedAt)} por um sistema automático, que aplica a todos os pedidos as mesmas regras de crédito (versão ${decision.policyVersion}).`,
    isRefused ? 'Não fizemos proposta, por estes motivos:' : offerIn(explained),
    ...decision.refusedFor.map((reason) => `– ${reason}`),
    ...(isRefused || explained.offer === undefined ? [] : [rateInWords(explained.offer.rate)]),
    'Foram considerados os dados recebidos com o pedido (valor, prazo e margem consignável; datas de nascimento e de admissão; vínculo de trabalho, seus afastamentos e avisos; empregador) e, de nossa parte, as propostas e os contratos em aberto e as listas da política de crédito.',
    'Você tem o direito de pedir que uma pessoa revise esta decisão e de receber esclarecimentos sobre os critérios usados (Lei nº 13.709/2018, art. 20). Faça o pedido a quem lhe entregou este documento.',
  ];
}

function requestIn({
  borrower,
  receivedAt,
  requestedAmount,
  requestedInstallments,
}: ExplainedDecision): string {
  const who = [borrower.name ?? 'pessoa não identificada', borrower.cpf && `CPF ${borrower.cpf}`];
  const what = [
    requestedAmount && `no valor de ${showReais(requestedAmount)}`,
    requestedInstallments && `em ${requestedInstallments} parcelas`,
  ];
  const text = [...who, ...what].filter((part) => part !== undefined && part !== 0 && part !== '').join(', ');
  return `Em ${showInstant(receivedAt)} recebemos um pedido de empréstimo consignado de ${text}.`;
}

function offerIn({ offer, isUnanswered }: ExplainedDecision): string {
  if (offer === undefined && isUnanswered)
    return 'O pedido foi aprovado pelas regras e a proposta foi enviada, mas não houve confirmação de que tenha sido registrada.';
  if (offer === undefined)
    return 'O pedido foi aprovado pelas regras, mas a proposta não chegou a ser registrada.';
  const terms = `${showReais(offer.amount)} em ${offer.installments} parcelas de ${showReais(offer.installmentAmount)}`;
  return `O pedido foi aprovado e fizemos uma proposta: ${terms}, à taxa de ${showPercent(offer.monthlyRate)} ao mês (custo efetivo total de ${showPercent(offer.monthlyCet)} ao mês).`;
}

/** "21/11/2026 às 02:43", as clocks show it in São Paulo. */
function showInstant(at: Date): string {
  const options = { timeZone: SAO_PAULO, dateStyle: 'short', timeStyle: 'short' } as const;
  const [day = '', time = ''] = new Intl.DateTimeFormat('pt-BR', options).format(at).split(', ');
  const year = new Intl.DateTimeFormat('pt-BR', { timeZone: SAO_PAULO, year: 'numeric' }).format(at);
  return `${day.replace(/\d+$/, year)} às ${time}`;
}
