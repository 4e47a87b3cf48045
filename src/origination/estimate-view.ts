import type { z } from 'zod';
import type { lockedWindow } from './dto-parts';
import type { EstimatedDto } from './estimate.dto';
import type { FgtsEstimate, LockedWindowOn } from './domain/products/fgts';
import { storedOffer } from './products/fgts/stored-fgts';

type View = z.output<(typeof EstimatedDto)['schema']>;

const WARNING =
  'Estimativa, não é oferta: datas e valores verdadeiros são os da Caixa, conhecidos só depois da consulta do saldo.';

export function viewLockedWindow(window: LockedWindowOn): z.output<typeof lockedWindow> {
  return { from: window.from, permitted_from: window.permittedFrom, is_now: window.isNow };
}

/** @param estimate undefined where no balance was given */
export function viewEstimate(
  window: LockedWindowOn,
  today: string,
  estimate: FgtsEstimate | undefined,
): View {
  const verdict = estimate?.verdict;
  return {
    is_estimate: true,
    warning: WARNING,
    locked_window: viewLockedWindow(window),
    contract_from: window.isNow ? window.permittedFrom : today,
    withdrawals: (estimate?.withdrawals ?? []).map(({ month, withdrawal, cedable }) => ({
      month: month.slice(0, 7),
      withdrawal: withdrawal.toFixed(2),
      cedable: cedable.toFixed(2),
    })),
    offers: verdict?.kind === 'offers' ? verdict.offers.map(viewOffer) : [],
    problem: problemOf(verdict),
  };
}

function viewOffer(offer: Parameters<typeof storedOffer>[0]): View['offers'][number] {
  const { fee_table, label, monthly_interest_rate, problem, figures } = storedOffer(offer);
  return {
    fee_table,
    label,
    monthly_interest_rate,
    problem,
    figures: figures && { ...figures, periods: [...figures.periods], options: [] },
  };
}

function problemOf(verdict: FgtsEstimate['verdict'] | undefined): View['problem'] {
  switch (verdict?.kind) {
    case 'not_eligible': {
      const words = verdict.judgement.reasons.map(({ message }) => message).join(' ');
      return verdict.problem ?? { path: 'policy', message: words };
    }
    case 'impossible':
      return verdict.problems[0] ?? null;
    default:
      return null;
  }
}
