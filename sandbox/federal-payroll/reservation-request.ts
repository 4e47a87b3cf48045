import type { JsonObject } from '../../src/kernel';
import type { Behaviour } from '../behaviour';
import type { Debt } from '../debts/debt';
import { isText, listOf, objectOf, textOf } from '../fields';
import { refinancedProblems } from './financial';
import type { LinkKey } from './servants';

/** What a debt says of the margin it asks for. */

const AT = 'collaterals.0.collateral_data';

/** What is wrong with the reservation that `POST /debt` asks for. */
export function reservationProblems(
  body: JsonObject,
  refinancingAccount: Behaviour['contract']['federal_payroll']['refinancing_account'],
  find: (debtKey: string) => Debt | undefined,
): JsonObject {
  const data = objectOf(objectOf(listOf(body['collaterals'])[0])['collateral_data']);
  const { reservation_type: type, reservation_method: method } = data;
  const problems: JsonObject = {};
  const need = (field: string, valid: boolean, message = 'required'): void => {
    if (!valid) problems[`${AT}.${field}`] = message;
  };
  need('authority_code', isText(data['authority_code']));
  need('registration_code', isText(data['registration_code']));
  need('reservation_type', type === 'new_credit' || type === 'refinancing', 'new_credit or refinancing');
  need('reservation_method', method === 'creation' || method === 'issuing', 'creation or issuing');
  if (type !== 'refinancing') return problems;
  const account = objectOf(body['disbursement_bank_account']);
  if (refinancingAccount === 'internal' && account['bank_code'] !== '329')
    problems['disbursement_bank_account.bank_code'] = 'an account at QI';
  return { ...problems, ...refinancedProblems(body, find) };
}

export function linkOf(debt: Debt): LinkKey {
  const { data } = debt.collateral;
  return {
    authorityCode: textOf(data['authority_code']),
    registrationCode: textOf(data['registration_code']),
  };
}

/** Margin is asked for, or waited for. */
export const isUnsettled = ({ collateral, state }: Debt): boolean =>
  collateral.state === 'pending_consent' ||
  collateral.state === 'pending_consent_with_deletion' ||
  (collateral.state === 'pending' && state !== 'canceled' && state !== 'canceled_permanently');
