import { z } from 'zod';
import { Decimal, parseJson, type JsonValue } from '../src/kernel';
import { BehaviourError, type BehaviourChange } from './behaviour';
import { auctionPlanSchema } from './auction-plan';
import { federalPayrollPlanSchema } from './federal-payroll/federal-payroll-plan';
import { fgtsPlanSchema } from './fgts/fgts-plan';
import { debtEntry, loanEntry, readLedger } from './ledger-view';
import { loanPlanSchema } from './loan-plan';
import type { QiSandbox } from './sandbox';

/** The control of tests and demonstrations: make things happen, change how the sandbox behaves, read its books. */

interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

const webhookSchema = z.strictObject({
  body: z.unknown(),
  times: z.int().min(1).max(1000).default(1),
  bad_signature: z.boolean().default(false),
});

const loanSchema = z.strictObject({
  credit_operation_key: z.string().min(1),
  issuer_proposal_request_key: z.string().default(''),
  plan: loanPlanSchema.prefault({ manual: true }),
  borrower: z
    .strictObject({ name: z.string(), document_number: z.string(), birth_date: z.string() })
    .prefault({ name: 'PESSOA DE EXEMPLO', document_number: '52998224725', birth_date: '1990-01-01' }),
  amount: z.string().default('1000.00'),
  installment: z.string().default('100.00'),
});

const advanceSchema = z.union([
  z.strictObject({ debt_key: z.string().min(1), outcome: z.string().min(1) }),
  z.strictObject({ balance_of: z.string().min(1), outcome: z.string().min(1) }),
]);

export async function answerControl(
  sandbox: QiSandbox,
  method: string,
  url: URL,
  text: string,
): Promise<ControlAnswer> {
  try {
    return await route(sandbox, `${method} ${url.pathname}`, url.searchParams, text);
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, body: { error: 'not JSON' } };
    if (error instanceof BehaviourError) return { status: 400, body: { error: error.problems } };
    if (error instanceof z.ZodError) {
      return {
        status: 400,
        body: { error: error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) },
      };
    }
    throw error;
  }
}

async function route(
  sandbox: QiSandbox,
  line: string,
  query: URLSearchParams,
  text: string,
): Promise<ControlAnswer> {
  switch (line) {
    case 'POST /_control/auctions': {
      const auction = sandbox.openAuction(auctionPlanSchema.parse(plainJson(text)));
      return {
        status: 201,
        body: {
          issuer_proposal_request_key: auction.key,
          limit_at: auction.limitAt.toISOString(),
          request: auction.request,
        },
      };
    }
    case 'POST /_control/loans':
      return { status: 201, body: openLoan(sandbox, loanSchema.parse(plainJson(text))) };
    case 'POST /_control/fgts': {
      const plan = fgtsPlanSchema.parse(plainJson(text));
      sandbox.fgts.plans.set(plan);
      return { status: 200, body: plan };
    }
    case 'POST /_control/federal-payroll': {
      const plan = federalPayrollPlanSchema.parse(plainJson(text));
      sandbox.federalPayroll.plans.set(plan);
      return { status: 200, body: plan };
    }
    case 'POST /_control/federal-payroll/closing':
      sandbox.federalPayroll.reservation.close(sandbox.debts.life);
      return { status: 200, body: {} };
    case 'POST /_control/advance':
      return advance(sandbox, advanceSchema.parse(plainJson(text)));
    case 'POST /_control/webhooks': {
      const wanted = webhookSchema.parse(plainJson(text));
      // The body keeps its digits: it is taken from the lossless reading.
      const attempts = await sandbox.sendWebhook({
        body: losslessBody(text) ?? wanted.body,
        times: wanted.times,
        badSignature: wanted.bad_signature,
      });
      return { status: 200, body: { attempts } };
    }
    case 'GET /_control/behaviour':
      return { status: 200, body: sandbox.behaviour };
    case 'PUT /_control/behaviour':
      return { status: 200, body: sandbox.changeBehaviour(plainJson(text) as BehaviourChange) };
    case 'GET /_control/ledger': {
      const ledger = readLedger(sandbox);
      return {
        status: 200,
        body: query.has('summary') ? { counts: ledger.counts, violations: ledger.violations } : ledger,
      };
    }
    case 'POST /_control/reset':
      sandbox.reset();
      return { status: 200, body: {} };
    default:
      return { status: 404, body: { error: `no control ${line}` } };
  }
}

/** Ends what a debt, or the query of a CPF, is waiting for. */
function advance(sandbox: QiSandbox, wanted: z.infer<typeof advanceSchema>): ControlAnswer {
  if ('balance_of' in wanted) {
    const { balance_of: cpf, outcome } = wanted;
    const found =
      sandbox.fgts.balances.advance(cpf, outcome) || sandbox.federalPayroll.queries.advance(cpf, outcome);
    return found ? { status: 200, body: {} } : { status: 404, body: { error: 'no query is pending' } };
  }
  const debt = sandbox.debts.find(wanted.debt_key);
  if (debt === undefined) return { status: 404, body: { error: 'no such debt' } };
  sandbox.debts.life.advance(debt, wanted.outcome);
  return { status: 200, body: debtEntry(debt) };
}

function openLoan(sandbox: QiSandbox, wanted: z.infer<typeof loanSchema>): unknown {
  const { name, document_number: documentNumber, birth_date: birthDate } = wanted.borrower;
  const loan = sandbox.loans.open({
    creditOperationKey: wanted.credit_operation_key,
    issuerProposalRequestKey: wanted.issuer_proposal_request_key,
    plan: wanted.plan,
    request: { document_number: documentNumber, name },
    payout: {
      amount: new Decimal(wanted.amount),
      installment: new Decimal(wanted.installment),
      dueDates: [],
      borrower: { name, documentNumber, birthDate },
    },
    monthlyInterestRate: new Decimal('0.02'),
  });
  return loanEntry(loan);
}

const plainJson = (text: string): unknown => (text === '' ? {} : JSON.parse(text));

function losslessBody(text: string): JsonValue | undefined {
  const json = parseJson(text);
  return typeof json === 'object' && json !== null && 'body' in json ? json.body : undefined;
}
