import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Decimal, isJsonObject, parseJson, type JsonObject } from '../../src/kernel';
import { decide } from '../../src/auction/domain';
import type { Decision } from '../../src/decision/domain';
import { readProgrammeTerms } from '../../src/auction/programme-terms';
import { compilePolicy } from '../../src/policy/domain';
import { PricingContext } from '../../src/pricing/domain';
import { readPricingData } from '../../src/pricing/pricing-data';
import { readProposalRequest } from '../../src/qi/read-proposal-request';
import { soundPolicy } from '../support/policies';

/*
 * A scenario is one JSON file that a credit analyst can read: what differs from the common request, what differs
 * from the default policy, the moment, and the decision with all its reasons.
 */
const scenario = z.strictObject({
  title: z.string(),
  why: z.string().optional(),
  /** ISO 8601 with its zone. Default: 18 August 2026, noon in São Paulo. */
  now: z.iso.datetime({ offset: true }).default('2026-08-18T12:00:00-03:00'),
  window: z.enum(['on_time', 'late']).default('on_time'),
  /** Members of issuer_proposal_request_data in QI's words; null takes one away. */
  request: z.record(z.string(), z.unknown()).default({}),
  /** Places of the default policy and what stands there instead: "limits.amount.maximum", "lists[x].entries". */
  policy: z.record(z.string(), z.unknown()).default({}),
  live_offers: z.int().default(0),
  /** The lowest monthly rate among them. */
  lowest_live_rate: z.string().optional(),
  expect: z.discriminatedUnion('outcome', [
    z.strictObject({
      outcome: z.literal('bid'),
      reasons: z.array(z.string()).default([]),
      monthly_interest_rate: z.string(),
      disbursed_issue_amount: z.string(),
      number_of_installments: z.int(),
      installment_face_value: z.string(),
      price_row: z.string(),
    }),
    z.strictObject({
      outcome: z.literal('no_bid'),
      reasons: z.array(z.string()).min(1),
      /** Sentences shown to people, where the wording matters. */
      messages: z.array(z.string()).optional(),
    }),
  ]),
});
export type Scenario = z.output<typeof scenario>;

const pricing = new PricingContext(readPricingData('config'));
const programme = readProgrammeTerms('config/programme.json');

export function readScenario(file: string): Scenario {
  return scenario.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Everything from QI's document to the decision, as the service does it. */
export function decideScenario(one: Scenario, scenarioText: string): Decision {
  const now = new Date(one.now);
  const reading = readProposalRequest(requestDocument(scenarioText));
  if (reading.kind !== 'read') throw new Error(`the request cannot be read: ${reading.kind}`);
  const limitAt = new Date(now.getTime() + (one.window === 'on_time' ? 100_000 : -100_000));
  return decide({
    request: reading.request,
    policy: { version: 'scenario', compiled: compilePolicy(soundPolicy(policyDocument(one.policy))) },
    pricing,
    programme,
    context: {
      now,
      deadline: limitAt,
      liveOffers: {
        borrower: one.live_offers,
        employer: 0,
        lowestRate: one.lowest_live_rate === undefined ? undefined : new Decimal(one.lowest_live_rate),
      },
      exposure: { borrower: new Decimal(0), employer: new Decimal(0) },
    },
    window: one.window,
    installmentBelow: undefined,
  });
}

/** The decision in the words of a scenario's expectation. */
export function outcomeOf(decision: Decision, expected: Scenario['expect']): Scenario['expect'] {
  const reasons = [...new Set(decision.reasons.map(({ code }) => code))].sort();
  if (decision.outcome === 'no_bid') {
    const messages = decision.reasons.map(({ message }) => message);
    const wanted = expected.outcome === 'no_bid' && expected.messages !== undefined;
    return { outcome: 'no_bid', reasons, ...(wanted ? { messages } : {}) };
  }
  const { bid } = decision;
  return {
    outcome: 'bid',
    reasons,
    monthly_interest_rate: bid.monthlyInterestRate.toFixed(),
    disbursed_issue_amount: bid.disbursedIssueAmount.toFixed(2),
    number_of_installments: bid.numberOfInstallments,
    installment_face_value: bid.installmentFaceValue.toFixed(2),
    price_row: bid.priceRow,
  };
}

/** The common request with the scenario's changes, numbers exact from the file on. */
function requestDocument(scenarioText: string): JsonObject {
  const common = parseJson(readFileSync('test/scenarios/common-request.json', 'utf8'));
  const file = parseJson(scenarioText);
  const data = isJsonObject(common) ? common.data : undefined;
  const asked = isJsonObject(data) ? data.issuer_proposal_request_data : undefined;
  const changes = isJsonObject(file) && isJsonObject(file.request) ? file.request : {};
  if (!isJsonObject(common) || !isJsonObject(data) || !isJsonObject(asked))
    throw new Error('no common request');
  const merged = Object.entries({ ...asked, ...changes }).filter(([, value]) => value !== null);
  return { ...common, data: { ...data, issuer_proposal_request_data: Object.fromEntries(merged) } };
}

function policyDocument(changes: Readonly<Record<string, unknown>>): unknown {
  const policy: unknown = JSON.parse(readFileSync('config/policies/default.json', 'utf8'));
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
    const last = steps.pop() ?? '';
    const place = steps.reduce<unknown>(stepInto, policy);
    if (typeof place !== 'object' || place === null) throw new Error(`the default policy has no ${path}`);
    Reflect.set(place, last, value);
  }
  return policy;
}

/** Into a member by its key, or into an item by its id or name. */
function stepInto(place: unknown, step: string): unknown {
  if (Array.isArray(place)) {
    return place.find((item: unknown) => named(item, 'id') === step || named(item, 'name') === step);
  }
  return named(place, step);
}
const named = (item: unknown, key: string): unknown =>
  typeof item === 'object' && item !== null ? (Reflect.get(item, key) as unknown) : undefined;
