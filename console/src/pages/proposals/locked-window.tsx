import { Alert } from '@mantine/core';
import type { ProposalDetail } from '../../api/client';
import { DAY_MS } from '../../format/durations';
import { date } from '../../format/format';

type Window = NonNullable<ProposalDetail['locked_window']>;

const WARNED_DAYS = 30;

/** Around the birthday Caixa takes neither queries nor endorsements: told while it lasts, and a month before. */
export function LockedWindowAlert({ window }: { readonly window: Window | null | undefined }) {
  if (window == null) return null;
  const isNear = Date.parse(window.from) - Date.now() < WARNED_DAYS * DAY_MS;
  if (!window.is_now && !isNear) return null;
  return (
    <Alert
      color={window.is_now ? 'orange' : 'yellow'}
      mt="md"
      title={
        window.is_now
          ? `Mês de aniversário: a Caixa só deve aceitar a partir de ${date(window.permitted_from)}`
          : `De ${date(window.from)} até ${date(window.permitted_from)} a Caixa não deve aceitar este cliente`
      }
      data-locked-window={window.from}
    >
      {window.is_now
        ? 'Nem consulta nem averbação, em nenhuma instituição. A consulta recusada volta sozinha na data que a Caixa der.'
        : 'O que não estiver averbado antes disso espera o fim do bloqueio do mês de aniversário.'}
    </Alert>
  );
}
