import { Badge, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SetupStep } from '../../api/client';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { SETUP_GAP, SETUP_STEP } from '../../words/first-day-words';
import { LIMIT, wordOf } from '../../words/words';
import { Conformance } from './conformance';
import { RolesExplained } from './roles-explained';
import { useSetup } from './use-setup';

export function FirstDayPage() {
  const query = useSetup();
  return (
    <Page
      title="Primeiros passos"
      subtitle="Do serviço recém-instalado ao primeiro lance. Cada passo sabe sozinho se está feito."
    >
      <Loaded query={query}>
        {({ steps, is_live: isLive }) => (
          <>
            {isLive && <Text size="sm">Os lances já são enviados à QI: o caminho foi percorrido.</Text>}
            <Stack component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
              {steps.map((step, at) => (
                <Step key={step.name} step={step} number={at + 1} />
              ))}
            </Stack>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Step({ step, number }: { readonly step: SetupStep; readonly number: number }) {
  const { title, why } = SETUP_STEP[step.name];
  return (
    <Paper component="li" p="md" data-step={step.name} data-done={step.done}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Title order={2} size="h4">
            {number}. {title}
          </Title>
          <Badge color={step.done ? 'teal' : 'gray'} variant="light" tt="none">
            {step.done ? 'Feito' : 'Falta'}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {why}
        </Text>
        {step.gaps.length > 0 && (
          <List size="sm" type="unordered" listStyleType="disc">
            {step.gaps.map((gap) => (
              <List.Item key={gap}>
                {SETUP_GAP[gap]}
                {(gap === 'caps_open' || gap === 'settings_differ') && ` ${about(step)}.`}
              </List.Item>
            ))}
          </List>
        )}
        {DETAILS[step.name]}
        <Text size="sm" component="div">
          {PLACES[step.name]}
        </Text>
      </Stack>
    </Paper>
  );
}

function about({ name, about: names }: SetupStep): string {
  return (name === 'caps' ? names.map((one) => wordOf(LIMIT, one)) : names).join(', ');
}

/** Where the step is done. */
const PLACES: Readonly<Partial<Record<SetupStep['name'], ReactNode>>> = {
  people: (
    <Link to="/acesso" className="link">
      Convidar pessoas
    </Link>
  ),
  keys: (
    <Link to="/saude" className="link">
      Ver os ajustes do serviço
    </Link>
  ),
  policy: (
    <Link to="/politica" className="link">
      Abrir a política
    </Link>
  ),
  caps: (
    <Link to="/politica" className="link">
      Abrir os limites na política
    </Link>
  ),
  filters: (
    <Link to="/saude" className="link">
      Pedir ou enviar o filtro
    </Link>
  ),
  dry_run: (
    <Link to="/historico" search={{ status: 'missed' }} className="link">
      Ver os lances do ensaio
    </Link>
  ),
};

const DETAILS: Readonly<Partial<Record<SetupStep['name'], ReactNode>>> = {
  people: <RolesExplained />,
  conformance: <Conformance />,
};
