import type { Words } from '../../../src/words';

/** What rates and refusals are told by. */
export const FAIRNESS_GROUP: Words = { age: 'Idade', region: 'Região fiscal do CPF' };

/** Which region issued a CPF, by its ninth digit. */
export const REGION: Words = {
  '0': 'Rio Grande do Sul',
  '1': 'Centro-Oeste e Tocantins',
  '2': 'Norte',
  '3': 'Ceará, Maranhão e Piauí',
  '4': 'Alagoas, Paraíba, Pernambuco e Rio Grande do Norte',
  '5': 'Bahia e Sergipe',
  '6': 'Minas Gerais',
  '7': 'Espírito Santo e Rio de Janeiro',
  '8': 'São Paulo',
  '9': 'Paraná e Santa Catarina',
};

const LAST_AGE: Words = { '18': '24', '25': '34', '35': '44', '45': '54', '55': '64' };

/** A band of ages by its first year. */
export function ageInWords(first: string): string {
  const last = LAST_AGE[first];
  return last === undefined ? `${first} anos ou mais` : `${first} a ${last} anos`;
}
