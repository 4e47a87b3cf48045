import { CENT, Decimal } from '../../../kernel';
import type { PaidOff } from '../../../operation/domain';
import { isOpen, problemOf, type Offer } from '../../domain';
import type { NamedContract, PayrollOffer, RefinancedContract } from '../../domain/products/federal-payroll';
import type { PayrollSimulation } from '../../ports';
import {
  differingFigures,
  storedFigures,
  storedTable,
  theirFigures,
  type StoredFigures,
  type StoredSimulation,
} from '../../stored';

export interface StoredPayrollFigures extends StoredFigures {
  readonly installment_face_value: string;
  readonly number_of_installments: number;
  readonly first_due_date: string;
  /** Left out of what was stored before it was kept. */
  readonly first_due_is_verified?: boolean;
  readonly last_due_date: string;
  readonly final_disbursement_amount?: string;
  /** The same paid on each day, the first included. */
  readonly options: readonly StoredFigures[];
}

type TheirFigures = Partial<Omit<StoredPayrollFigures, 'options'>> & {
  readonly options: readonly Partial<StoredFigures>[];
};

export interface StoredPayrollSimulation extends StoredSimulation {
  readonly asked: {
    /** Our own contracts by their operations; of others what a person has typed. */
    readonly refinanced: readonly StoredContract[];
  };
  readonly figures: StoredPayrollFigures | null;
  readonly qi: TheirFigures | null;
}

type StoredContract = Readonly<Record<string, string | number>> & NamedContract;

/** A fee table that the policy refuses keeps its reason and shows no figures. */
export function storedPayrollOffer(offer: Offer<PayrollOffer>): StoredPayrollSimulation {
  const { simulation } = offer;
  const { table, refinanced, numberOfInstallments, firstDueDate, isFirstDueVerified } = simulation.asked;
  const common = {
    ...storedTable(table),
    qi: null,
    asked: { refinanced: refinanced.map(storedContract) },
  };
  if (simulation.kind === 'refused' || !isOpen(offer))
    return { ...common, figures: null, problem: problemOf(offer) };
  const { quote, installment, options } = simulation;
  const due = Decimal.sum(0, ...refinanced.map(({ dueBalance }) => dueBalance));
  return {
    ...common,
    figures: {
      ...storedFigures(quote),
      installment_face_value: installment.toFixed(2),
      number_of_installments: numberOfInstallments,
      first_due_date: firstDueDate,
      first_due_is_verified: isFirstDueVerified,
      last_due_date: quote.lastDueDate,
      ...(refinanced.length > 0 && {
        final_disbursement_amount: quote.disbursedIssueAmount.minus(due).toFixed(2),
      }),
      options: options.map(storedFigures),
    },
  };
}

/**
 * The same simulation beside QI's: each of its days with ours of that day. Days that QI leaves out are not compared; one
 * that we did not price, and none at all, are differences.
 */
export function besidePayroll(
  simulation: StoredPayrollSimulation & { readonly figures: StoredPayrollFigures },
  { options, finalDisbursementAmount }: PayrollSimulation,
): StoredPayrollSimulation {
  const { figures } = simulation;
  const theirs = options.map((option) => ({
    ...theirFigures(option),
    ...(option.disbursementDate && { disbursement_date: option.disbursementDate }),
  }));
  const first = theirs.find(({ disbursement_date: day }) => day === figures.disbursement_date);
  const differences = new Set<string>(first === undefined ? ['disbursement_date'] : []);
  for (const their of theirs) {
    const ours = figures.options.find(({ disbursement_date: day }) => day === their.disbursement_date);
    if (ours === undefined) differences.add('disbursement_date');
    else for (const field of differingFigures(ours, their)) differences.add(field);
  }
  for (const field of differingPlan(figures, options[0]?.periods ?? [])) differences.add(field);
  if (finalDisbursementAmount !== undefined && first?.disbursed_issue_amount !== undefined) {
    const paysOff = new Decimal(first.disbursed_issue_amount).minus(finalDisbursementAmount);
    if (!isPlausibleDue(paysOff, simulation.asked.refinanced.map(contractOf)))
      differences.add('final_disbursement_amount');
  }
  const final = finalDisbursementAmount?.toFixed(2);
  const qi = {
    ...first,
    ...(final !== undefined && { final_disbursement_amount: final }),
    options: theirs,
  };
  return { ...simulation, qi, differences: [...differences] };
}

/** What the contracts that are paid off cost on the days from today to the payment. */
function dueOf(contracts: readonly RefinancedContract[]): PaidOff {
  const days = contracts.map((contract) =>
    contract.kind === 'own' ? [contract.dueNow, contract.dueBalance] : [contract.dueBalance],
  );
  const least = Decimal.sum(0, ...days.map((amounts) => Decimal.min(...amounts)));
  const most = Decimal.sum(0, ...days.map((amounts) => Decimal.max(...amounts)));
  return { least, most };
}

function isPlausibleDue(due: Decimal, contracts: readonly RefinancedContract[]): boolean {
  const { least, most } = dueOf(contracts);
  return due.gte(least.minus(CENT)) && due.lte(most.plus(CENT));
}

/** What the contracts that are paid off may cost by the change that was shown: ours, and QI's where people let another through. */
export function paysOffIn({ asked, qi }: Pick<StoredPayrollSimulation, 'asked' | 'qi'>): PaidOff | false {
  if (asked.refinanced.length === 0) return false;
  const { least, most } = dueOf(asked.refinanced.map(contractOf));
  const { disbursed_issue_amount: whole, final_disbursement_amount: change } = qi ?? {};
  if (whole === undefined || change === undefined) return { least, most };
  const theirs = new Decimal(whole).minus(change);
  return { least: Decimal.min(least, theirs), most: Decimal.max(most, theirs) };
}

/** Instalments as QI prints them, where it does. */
function differingPlan(
  ours: StoredPayrollFigures,
  theirs: NonNullable<PayrollSimulation['options'][number]['periods']>,
): readonly string[] {
  if (theirs.length === 0) return [];
  const isSame =
    theirs.length === ours.number_of_installments &&
    theirs[0]?.dueDate === ours.first_due_date &&
    theirs.every(({ amount }) => amount.toFixed(2) === ours.installment_face_value);
  return isSame ? [] : ['installments'];
}

export function storedContract(contract: RefinancedContract): StoredContract {
  const amounts = {
    installment: contract.installment.toFixed(2),
    due_balance: contract.dueBalance.toFixed(2),
  };
  return contract.kind === 'own'
    ? {
        kind: 'own',
        operation_key: contract.operationKey,
        due_now: contract.dueNow.toFixed(2),
        ...amounts,
      }
    : {
        kind: 'incoming',
        original_contract_number: contract.contractNumber,
        original_financial_institution_document_number: contract.institutionDocumentNumber,
        original_deadline: contract.deadline,
        ...amounts,
      };
}

export function contractOf(stored: StoredContract): RefinancedContract {
  const text = (name: string): string => String(stored[name] ?? '');
  const amounts = {
    installment: new Decimal(text('installment')),
    dueBalance: new Decimal(text('due_balance')),
  };
  return stored.kind === 'own'
    ? {
        kind: 'own',
        operationKey: text('operation_key'),
        dueNow: new Decimal(text('due_now')),
        ...amounts,
      }
    : {
        kind: 'incoming',
        contractNumber: text('original_contract_number'),
        institutionDocumentNumber: text('original_financial_institution_document_number'),
        deadline: Number(text('original_deadline')),
        ...amounts,
      };
}
