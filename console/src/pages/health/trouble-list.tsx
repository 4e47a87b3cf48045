import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTroubles } from '../../shell/troubles';
import { Runbook } from '../../parts/runbook';
import { Loaded } from '../../parts/states';
import { troubleLine } from '../../words/trouble-words';
import type { Trouble } from '../../api/client';

/** What is wrong now, and what to do about each. */
export function TroubleList() {
  return (
    <Loaded query={useTroubles()} lines={1}>
      {(troubles) =>
        troubles.length === 0 ? (
          <Text size="sm">
            Nada errado: QI, banco de dados, processos, relógios, certificados e disco em ordem.
          </Text>
        ) : (
          <Stack>
            {troubles.map((trouble) => (
              <OneTrouble key={`${trouble.kind} ${trouble.detail ?? ''}`} trouble={trouble} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

function OneTrouble({ trouble }: { readonly trouble: Trouble }) {
  const isCritical = trouble.severity === 'critical';
  return (
    <section id={trouble.kind} aria-label={troubleLine(trouble)} data-trouble={trouble.kind}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Badge variant="light" color={isCritical ? 'red' : 'yellow'} tt="none">
          {isCritical ? 'crítico' : 'atenção'}
        </Badge>
        <Text size="sm" fw={600}>
          {troubleLine(trouble)}
        </Text>
      </Group>
      <Runbook runbook={trouble.runbook} />
    </section>
  );
}
