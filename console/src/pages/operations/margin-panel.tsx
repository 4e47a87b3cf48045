import { Group, Progress, Stack, Text } from '@mantine/core';
import type { OperationDetail } from '../../api/client';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../format/durations';
import { date, dateTime } from '../../format/format';
import { MarginBadge } from '../../parts/badges';
import { useServiceNow } from '../../shell/use-service-now';

type Margin = NonNullable<OperationDetail['margin']>;

/** The second ending, beside the contract's: where the margin stands, and how long the servant still has. */
export function MarginPanel({ margin }: { readonly margin: Margin }) {
  const isPending = margin.status.startsWith('pending_consent');
  return (
    <Stack gap={6} data-margin={margin.status}>
      <Text size="xs" c="dimmed">
        Margem
      </Text>
      <Group gap="sm">
        <MarginBadge status={margin.status} size="lg" />
        <Text size="sm" c="dimmed">
          desde {dateTime(margin.since)}
        </Text>
      </Group>
      {margin.queued_until !== null && (
        <Text size="sm" data-queued>
          SIAPE fechado: a reserva fica na fila da QI até {dateTime(margin.queued_until)}.
        </Text>
      )}
      {isPending && <Countdown margin={margin} />}
      <FirstDeduction margin={margin} />
    </Stack>
  );
}

const TICK_MS = MINUTE_MS;

function Countdown({
  margin: { consent_asked_at: asked, consent_until: until, reminders },
}: {
  readonly margin: Margin;
}) {
  const now = useServiceNow(TICK_MS);
  if (asked === null || until === null) return null;
  const [begin, end] = [Date.parse(asked), Date.parse(until)];
  const passed = Math.min(100, Math.max(0, ((now - begin) / (end - begin)) * 100));
  return (
    <div>
      <Text size="sm" className="numbers" role="timer">
        {leftUntil(end - now)}, até {dateTime(until)}
      </Text>
      <Progress value={passed} size="sm" mt={4} aria-label="Prazo da anuência" />
      <Text size="xs" c="dimmed" mt={4}>
        {reminders.length === 0
          ? 'Nenhum lembrete ainda.'
          : `Lembretes: ${reminders.map(({ day, told_at: at }) => `dia ${String(day)} (${dateTime(at)})`).join(', ')}.`}
      </Text>
    </div>
  );
}

function leftUntil(milliseconds: number): string {
  if (milliseconds <= 0) return 'O prazo da anuência terminou';
  const days = Math.floor(milliseconds / DAY_MS);
  const hours = Math.floor((milliseconds % DAY_MS) / HOUR_MS);
  if (days === 0) return hours === 0 ? 'Falta menos de uma hora' : `Faltam ${String(hours)} h`;
  return `${days === 1 ? 'Falta 1 dia' : `Faltam ${String(days)} dias`} e ${String(hours)} h`;
}

function FirstDeduction({ margin: { first_deduction: first, status } }: { readonly margin: Margin }) {
  if (status === 'refused' || status === 'released') return null;
  const [year = '', month = ''] = first.month.split('-');
  const when = status === 'held' ? 'Primeiro desconto' : 'Reservada hoje, primeiro desconto';
  return (
    <Text size="xs" c="dimmed">
      {when}: folha de {month}/{year} (fechamento {date(first.cut_off)})
      {!first.is_verified && (
        <Text span size="xs" c="orange" fw={600}>
          {' '}
          calendário não verificado
        </Text>
      )}
    </Text>
  );
}

/** What happens next and by whom, in words. */
export function NextStep({ margin }: { readonly margin: Margin }) {
  return (
    <Text size="sm" mt="md" data-next-step>
      <Text span size="sm" fw={600}>
        Próximo passo:{' '}
      </Text>
      {margin.next_step}
    </Text>
  );
}
