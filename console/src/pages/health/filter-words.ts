import { count, reais } from '../../format/format';
import { ApiProblem } from '../../api/problem';
import { plainName, type Words } from '../../words/words';

const PART: Words = {
  status: 'Recebimento de pedidos',
  disbursed_issue_amount: 'Valor pedido',
  number_of_installments: 'Prazo pedido',
  consigned_credit_balance: 'Margem consignável',
  days_since_employment: 'Dias de emprego',
  age: 'Idade',
  received_daily_proposals: 'Pedidos por dia',
};
const END: Words = { min: 'no mínimo', max: 'no máximo' };
const IN_REAIS = ['disbursed_issue_amount', 'consigned_credit_balance'];

const partsOf = (path: string): readonly [part: string, end: string | undefined] => {
  const [part = path, end] = path.replace(/^custom_data\./, '').split('.');
  return [part, end];
};

/** "custom_data.age.min" is "Idade, no mínimo". */
export function filterPlace(path: string): string {
  const [part, end] = partsOf(path);
  const word = PART[part] ?? plainName(part);
  return end === undefined ? word : `${word}, ${END[end] ?? plainName(end)}`;
}

/** What stands there, as the page writes amounts and numbers. */
export function filterValue(path: string, value: string | null): string {
  const [part] = partsOf(path);
  if (value === null) return '–';
  if (part === 'status') return value.replaceAll('"', '') === 'active' ? 'ligado' : 'desligado';
  if (!/^-?\d+(\.\d+)?$/.test(value)) return plainName(value.replaceAll(/["{}]/g, '')).replaceAll(':', ' ');
  return IN_REAIS.includes(part) ? reais(value) : count(Number(value));
}

/** What a filter lets QI send at all, its limits aside: "no máximo 5 pedidos por dia". */
export function flowWord({
  active,
  daily_cap: cap,
}: {
  readonly active: boolean;
  readonly daily_cap: number | null;
}): string {
  if (!active) return 'nenhum pedido';
  if (cap === null) return 'pedidos sem limite por dia';
  return `no máximo ${count(cap)} ${cap === 1 ? 'pedido' : 'pedidos'} por dia`;
}

interface Sent {
  readonly kind: 'change' | 'stop';
  readonly status: string;
  readonly http_status: number | null;
  readonly answer: string | null;
}

/** Why what was sent to QI is not in force, for whoever sent it. */
export function notTaken({ kind, status, http_status: httpStatus, answer }: Sent): ApiProblem {
  const isRefused = status === 'rejected';
  const title =
    kind === 'stop'
      ? isRefused
        ? 'A QI recusou a parada: os pedidos continuam vindo'
        : 'A QI não confirmou a parada: os pedidos podem continuar vindo. Tente de novo'
      : isRefused
        ? 'A QI recusou o filtro: vale o que valia antes'
        : 'A QI não confirmou o filtro: não se sabe se ele vale. Envie de novo, ou retire o pedido e faça outro';
  return new ApiProblem(httpStatus ?? 0, 'not_taken', title, answer ?? undefined, [], undefined);
}
