import { Alert, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { SETUP_STEP } from '../../words/first-day-words';
import { useSetup } from './use-setup';

/** Until the first bid: how far the way there has been gone. */
export function FirstDayNotice() {
  const { data } = useSetup();
  if (data === undefined || data.is_live) return null;
  const next = data.steps.find(({ done }) => !done);
  const done = data.steps.filter((step) => step.done).length;
  return (
    <Alert color="blue" title={`Primeiros passos: ${String(done)} de ${String(data.steps.length)} feitos`}>
      <Text size="sm">
        {next === undefined ? 'Falta só o primeiro lance. ' : `O próximo: ${SETUP_STEP[next.name].title}. `}
        <Link to="/primeiros-passos" className="link">
          Ver o caminho
        </Link>
      </Text>
    </Alert>
  );
}
