import { isJsonObject, type JsonObject, type JsonValue } from '../src/kernel';
import { isNumber } from './fields';

/** The filters a partner sets at QI: which requests it wants to hear of, and how many a day. */
export interface PartnerFilter {
  readonly active: boolean;
  readonly customData: JsonObject;
}

const FIELDS = [
  'disbursed_issue_amount',
  'number_of_installments',
  'consigned_credit_balance',
  'days_since_employment',
  'age',
  'received_daily_proposals',
  'alert_preferences',
] as const;

export type ReadFilter =
  | { readonly ok: true; readonly filter: PartnerFilter }
  | { readonly ok: false; readonly problems: JsonObject };

/** Every field must be sent; null means unused. */
export function readFilter(body: JsonObject): ReadFilter {
  const problems: JsonObject = {};
  const status = body['status'];
  if (status !== 'active' && status !== 'inactive') problems['status'] = 'active or inactive';
  const customData = body['custom_data'];
  if (!isJsonObject(customData)) return { ok: false, problems: { ...problems, custom_data: 'required' } };
  for (const field of FIELDS) {
    const value = customData[field];
    if (value === undefined) problems[field] = 'required; null when unused';
    else if (value !== null && !isJsonObject(value)) problems[field] = 'an object or null';
  }
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, filter: { active: status === 'active', customData } };
}

/** Whether a request passes the amount, term and margin limits, and the day's count has room. */
export function admits(filter: PartnerFilter, request: JsonObject, sentToday: number): boolean {
  if (!filter.active) return false;
  const limits = (field: string): JsonObject => {
    const value = filter.customData[field];
    return isJsonObject(value) ? value : {};
  };
  const most = limits('received_daily_proposals')['max'];
  if (isNumber(most) && most.lte(sentToday)) return false;
  return ['disbursed_issue_amount', 'number_of_installments', 'consigned_credit_balance'].every((field) =>
    within(request[field], limits(field)),
  );
}

function within(value: JsonValue | undefined, { min, max }: JsonObject): boolean {
  if (!isNumber(value)) return true;
  return (!isNumber(min) || value.gte(min)) && (!isNumber(max) || value.lte(max));
}
